"""The sender profile: what the wizard makes and the notification backend uses."""

import msgspec

SCHEMA = "sendwright.profile/1"

Setting = str | int | bool | None


class SenderProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How every notification of the organisation leaves.

    provider: id of the provider chosen in the wizard, such as `custom_smtp`. sender: the kind of sender that carries
    it, such as `smtp`. address, alias: what recipients see (RFC 5322 addr-spec and display name). settings: what that
    kind of sender needs and is no secret; the kind's own type validates it (`senders.smtp.settings.SmtpSettings`).
    Credentials are never part of a profile: they travel sealed beside it.
    """

    provider: str
    sender: str
    address: str
    alias: str
    settings: dict[str, Setting]
    schema: str = SCHEMA
