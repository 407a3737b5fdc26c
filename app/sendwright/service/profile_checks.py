"""Refuses a profile that no sender could use, before it is stored."""

from collections.abc import Set as AbstractSet

from sendwright.address import check_alias, parse_address
from sendwright.errors import AddressInvalid
from sendwright.profile import SCHEMA, SenderProfile
from sendwright.senders.catalogue import KINDS, PASSWORD, TOKEN, ProfileUnusable, mailbox_key
from sendwright.service.trouble import Trouble


def check_profile(profile: SenderProfile, *, credentials: AbstractSet[str]) -> None:
    """Raise Trouble `profile-invalid`, with the field, or `credentials-wrong-names`.

    credentials: their names.
    """
    if profile.schema != SCHEMA:
        raise Trouble("profile-invalid", detail="schema")
    for field, check in (("address", parse_address), ("alias", check_alias)):
        try:
            check(getattr(profile, field))
        except AddressInvalid:
            raise Trouble("profile-invalid", detail=field) from None
    if profile.sender not in KINDS:
        raise Trouble("profile-invalid", detail="sender")
    try:
        mailbox_key(profile)
    except ProfileUnusable:
        raise Trouble("profile-invalid", detail="settings") from None
    signs_in = profile.settings.get("username") is not None
    if credentials not in (({PASSWORD}, {TOKEN}) if signs_in else (set(),)):
        raise Trouble("credentials-wrong-names")
