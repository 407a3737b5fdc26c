"""Which screens go on by themselves."""

from sendwright.screens import Consent, ConsentWay, Screen, Working


def runs(screen: Screen) -> bool:
    """Tell whether the screen takes an empty answer at once and waits until something is over."""
    return isinstance(screen, Working) or (isinstance(screen, Consent) and screen.way is not ConsentWay.EMBEDDED)
