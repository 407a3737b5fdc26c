"""Keeps secrets, and never shows them."""
