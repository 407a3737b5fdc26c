"""Hands a message to an SMTP server."""
