"""Tries a connection stage by stage and reports each."""
