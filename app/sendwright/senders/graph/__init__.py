"""Sends through Microsoft Graph, or as an account of Microsoft 365 through its SMTP server."""
