"""Refuses a profile that no sender could use, before it is stored."""

from collections.abc import Set as AbstractSet

from sendwright.address import check_alias, parse_address
from sendwright.errors import AddressInvalid
from sendwright.profile import SCHEMA, SenderProfile
from sendwright.senders.catalogue import KINDS, kind_of, mailbox_key
from sendwright.senders.unusable import ProfileUnusable
from sendwright.service.trouble import Trouble


def check_profile(profile: SenderProfile, *, credentials: AbstractSet[str] | None) -> None:
    """Raise Trouble `profile-invalid`, with the field, or `credentials-wrong-names`.

    credentials: their names; None where another version's are taken over.
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
    if credentials is not None:
        check_credentials(profile, credentials)


def check_credentials(profile: SenderProfile, names: AbstractSet[str]) -> None:
    """Raise Trouble `credentials-wrong-names` unless the sender of `profile` can do with credentials of these names."""
    try:
        acceptable = kind_of(profile).credentials(profile)
    except ProfileUnusable:
        raise Trouble("profile-invalid", detail="settings") from None
    if names not in acceptable:
        raise Trouble("credentials-wrong-names")
