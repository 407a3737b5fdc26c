"""Carries a sender profile from the wizard to the notification backend."""
