"""What is told of the computer: enough to understand, nothing that names it or its person."""

import getpass
import locale
import platform
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tests.unit.diagnosis_file.made import stages

from sendwright.diagnosis_file import environment
from sendwright.diagnosis_file.environment import clock_deviation_s, describe
from sendwright.diagnosis_file.wording import told_fact
from sendwright.texts import LANGUAGES, has, speaking

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def without_proxies() -> dict[str, str]:
    return {}


def test_system_and_versions_are_told() -> None:
    facts = describe(at=NOW, proxies=without_proxies)
    assert facts["system"].startswith(platform.system())
    assert facts["python"] == platform.python_version()
    assert facts["qt"].startswith("6.")


def test_the_computer_and_its_person_are_not_named() -> None:
    told = " ".join(describe(at=NOW, keychain="SecretService", proxies=without_proxies).values())
    assert platform.node() not in told.split()
    assert getpass.getuser() not in told.split()


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (UTC, "+00:00"),
        (timezone(timedelta(hours=5, minutes=30)), "+05:30"),
        (timezone(-timedelta(hours=3, minutes=30)), "-03:30"),
    ],
)
def test_the_time_zone_is_its_distance_from_utc(zone: timezone, shown: str) -> None:
    assert describe(at=NOW.astimezone(zone), proxies=without_proxies)["time_zone"] == shown


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ({}, "none"),
        ({"no": "localhost"}, "none"),
        ({"https": ""}, "none"),
        ({"https": "http://anna:wax-Falke-42@proxy.contoso.com:3128"}, "https through http"),
        ({"https": "proxy.contoso.com:3128", "http": "socks5://x"}, "http through socks5, https through http"),
    ],
)
def test_of_a_proxy_only_its_kind_is_told(found: dict[str, str], shown: str) -> None:
    facts = describe(at=NOW, proxies=lambda: found)
    assert facts["proxy"] == shown
    assert "contoso" not in str(facts)
    assert "Falke" not in str(facts)


@pytest.mark.parametrize(("deviation_s", "shown"), [(0.2, "0"), (90.4, "90"), (-3600.0, "-3600")])
def test_a_clock_that_was_measured_is_told(deviation_s: float, shown: str) -> None:
    assert describe(at=NOW, clock_deviation_s=deviation_s, proxies=without_proxies)["clock_deviation_s"] == shown


@pytest.mark.parametrize(
    ("greeting", "deviation_s"),
    [
        ("mail.example.org ESMTP Exim 4.96 Fri, 20 Nov 2026 11:58:30 +0000", 90.0),
        ("mail.example.org Microsoft ESMTP MAIL Service ready at Fri, 20 Nov 2026 13:00:00 +0000", -3600.0),
        ("mail.example.org ESMTP Postfix", None),
        ("Fri, 99 Nov 2026 99:00:00 +0000", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_the_clock_is_held_against_the_date_in_a_greeting(greeting: object, deviation_s: float | None) -> None:
    seen = {} if greeting is None else {"greeting": greeting}
    assert clock_deviation_s(stages(greet=seen), at=NOW) == deviation_s


def test_what_is_not_known_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> tuple[None, None]:
        return None, None

    monkeypatch.setattr(locale, "getlocale", nothing)
    monkeypatch.setattr(environment, "QT", "no-such-package")
    facts = describe(at=NOW, proxies=without_proxies)
    assert not {"clock_deviation_s", "keychain", "locale", "qt"} & facts.keys()
    assert all(facts.values())


def test_a_region_that_the_system_does_not_know_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> tuple[str, str]:
        raise ValueError("unknown locale: UTF-8")

    monkeypatch.setattr(locale, "getlocale", unknown)
    assert "locale" not in describe(at=NOW, proxies=without_proxies)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_has_a_name_in_words(language: str) -> None:
    facts = describe(at=NOW, clock_deviation_s=1.0, keychain="SecretService", proxies=without_proxies)
    with speaking(language):
        for name in facts:
            assert has(f"diagnosis_file.environment.{name.replace('_', '-')}")
            assert told_fact(name)[0].isupper()
        assert told_fact("weather") == "weather"
