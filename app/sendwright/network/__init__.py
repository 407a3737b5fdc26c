"""Reaches other computers: names, addresses, connections, certificates."""
