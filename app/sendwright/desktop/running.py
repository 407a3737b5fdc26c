"""Which screens go on by themselves."""

from sendwright.screens import Consent, ConsentWay, Screen, Working


def leads_away(screen: Screen) -> bool:
    """Tell whether what the screen waits for happens outside the window, in a browser or on another device."""
    return isinstance(screen, Consent) and screen.way is not ConsentWay.EMBEDDED


def runs(screen: Screen) -> bool:
    """Tell whether the screen takes an empty answer at once and waits until something is over."""
    return isinstance(screen, Working) or leads_away(screen)
