"""Signing in by OAuth 2.0: what comes back, whose it is, how long it lasts, and who may renew it."""
