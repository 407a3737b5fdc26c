"""The settings of a profile, read as those of its kind of sender."""

import msgspec
import pytest

from sendwright.profile import SenderProfile
from sendwright.senders.gmail.settings import GmailSettings
from sendwright.senders.graph.settings import GraphSettings
from sendwright.senders.reading import read_settings
from sendwright.senders.smtp.settings import SmtpSettings
from sendwright.senders.unusable import ProfileUnusable

GOOD = {
    GmailSettings: {"account": "anna@example.org", "way": "account", "account_id": "1", "client_id": "an-id"},
    GraphSettings: {"client_id": "an-id", "tenant": "t", "mailbox": "a@contoso.com", "way": "account", "route": "me"},
    SmtpSettings: {"host": "mail.example.org", "port": 587, "security": "starttls"},
}


def profile(**settings: object) -> SenderProfile:
    return SenderProfile(provider="x", sender="a-kind", address="anna@example.org", alias="", settings=settings)


@pytest.mark.parametrize("kind", GOOD)
def test_what_fits_is_read_and_written_back_the_same(kind: type[msgspec.Struct]) -> None:
    read = read_settings(profile(**GOOD[kind]), kind)
    assert isinstance(read, kind)
    assert read_settings(profile(**msgspec.to_builtins(read)), kind) == read


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("wrong", [None, 7.5, ["x"], {"a": 1}])
def test_what_is_of_another_type_is_named_by_its_place_and_not_repeated(
    kind: type[msgspec.Struct], wrong: object
) -> None:
    name = next(iter(GOOD[kind]))
    with pytest.raises(ProfileUnusable, match=rf"settings of sender \'a-kind\': .*\$\.{name}") as caught:
        read_settings(profile(**GOOD[kind] | {name: wrong}), kind)
    assert "7.5" not in str(caught.value)
    assert caught.value.__suppress_context__
