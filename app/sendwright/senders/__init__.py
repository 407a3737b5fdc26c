"""Hands a message to a mail service."""
