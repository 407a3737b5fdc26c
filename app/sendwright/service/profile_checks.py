"""Refuses a profile that no sender could use, before it is stored."""

from collections.abc import Set as AbstractSet

import msgspec

from sendwright.address import check_alias, parse_address
from sendwright.errors import AddressInvalid
from sendwright.profile import SCHEMA, SenderProfile
from sendwright.senders.smtp.settings import SmtpSettings
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
    if profile.sender != "smtp":
        raise Trouble("profile-invalid", detail="sender")
    try:
        settings = msgspec.convert(profile.settings, SmtpSettings)
    except msgspec.ValidationError:
        raise Trouble("profile-invalid", detail="settings") from None
    if credentials != ({"password"} if settings.username is not None else set()):
        raise Trouble("credentials-wrong-names")
