"""Sendwright makes an organisation's notifications leave from its own address."""

__version__ = "0.1.0"
