"""The notification backend."""
