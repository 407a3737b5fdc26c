"""A simulated Microsoft 365: sign-in pages, tokens, Graph and the SMTP server of one made-up organisation."""
