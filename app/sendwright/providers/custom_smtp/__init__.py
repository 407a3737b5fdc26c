"""The organisation's own SMTP server."""
