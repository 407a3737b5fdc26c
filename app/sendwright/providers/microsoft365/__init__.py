"""Microsoft 365 as a way of sending: as a signed-in account, or as an application."""
