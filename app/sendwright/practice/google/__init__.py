"""A simulated Google: sign-in pages, tokens, Gmail, its SMTP server."""
