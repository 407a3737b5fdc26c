"""Reads the settings of a profile as those of its kind of sender."""

from typing import TypeVar

import msgspec

from sendwright.profile import SenderProfile
from sendwright.senders.unusable import ProfileUnusable

S = TypeVar("S")


def read_settings(profile: SenderProfile, kind: type[S]) -> S:
    """Return the settings, of the right names and types. Raises ProfileUnusable."""
    try:
        return msgspec.convert(profile.settings, kind)
    except msgspec.ValidationError as error:
        raise ProfileUnusable(f"settings of sender {profile.sender!r}: {error}") from None
