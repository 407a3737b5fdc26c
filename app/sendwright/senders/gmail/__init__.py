"""Sending through Gmail: its interface, its SMTP server, and the SMTP relay of Google Workspace."""
