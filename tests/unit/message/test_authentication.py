"""What a server states of a message's origin, as far as it states it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendwright.message.authentication import LONGEST_RESULTS, METHODS, Stated, stated_in


def stated(method: str, result: str, domain: str = "") -> Stated:
    return Stated(method=method, result=result, domain=domain)


@pytest.mark.parametrize(
    ("value", "results"),
    [
        ("mx.example.com; dkim=pass header.d=example.org", (stated("dkim", "pass", "example.org"),)),
        ("mx; dkim=pass header.i=@Example.ORG", (stated("dkim", "pass", "example.org"),)),
        ('mx; dkim=fail reason="bad signature" header.d=example.org', (stated("dkim", "fail", "example.org"),)),
        ("mx; spf=softfail smtp.mailfrom=anna@example.org", (stated("spf", "softfail", "example.org"),)),
        ("mx; spf=pass (of x@evil.example) smtp.helo=mx.example.org", (stated("spf", "pass", "mx.example.org"),)),
        ("mx 1; DMARC = Pass (p=none; sp=reject) header.from=example.org", (stated("dmarc", "pass", "example.org"),)),
        ("mx; dkim=none", (stated("dkim", "none"),)),
        ("mx; dkim=pass header.d=<script>", (stated("dkim", "pass"),)),
        ("mx; dkim=pass header.d=exa\u202emple.org", (stated("dkim", "pass"),)),
        ("mx; arc=pass; bimi=pass; auth=pass smtp.auth=anna", ()),
        ("mx; none", ()),
        ("dkim=pass header.d=example.org", ()),
        ("", ()),
        ("(((((" * 4_000, ()),
        (";" * 15_000, ()),
        ("mx;" + " " * 30_000 + "dkim=pass", ()),
    ],
)  # fmt: skip
def test_results_are_read_as_they_stand(value: str, results: tuple[Stated, ...]) -> None:
    assert stated_in(value) == results


def test_comments_hide_nothing_and_add_nothing() -> None:
    value = "mx; dkim=pass (a (nested; spf=pass) comment; dmarc=pass) header.d=example.org; spf=fail"
    assert stated_in(value) == (stated("dkim", "pass", "example.org"), stated("spf", "fail"))


@given(st.text(alphabet='mx;=()dkimspfas. @"\\', max_size=LONGEST_RESULTS // 50))
def test_whatever_stands_there_gives_only_known_methods_and_plain_words(value: str) -> None:
    for one in stated_in(value):
        assert one.method in METHODS
        assert one.result.isalpha()
        assert "@" not in one.domain
