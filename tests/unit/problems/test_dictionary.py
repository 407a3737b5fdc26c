"""The dictionary is sound: every rule explains its own samples, and a careless entry is refused."""

from pathlib import Path

import pytest

from sendwright import texts
from sendwright.problems.checking import complaints, evidence_of
from sendwright.problems.dictionary import DictionaryInvalid, load, read
from sendwright.problems.evidence import Evidence, System
from sendwright.problems.problem import Problem, Remedy, RemedyKind
from sendwright.problems.rule import Rule, Sample

RULES = [rule for rules in load().rules.values() for rule in rules]
SAMPLES = [(rule, sample) for rule in RULES for sample in rule.samples]

FIELDS = {"host", "port", "security", "username", "password", "ca_file", "address", "to", "code"}

UNRECOGNISED = """
checked = "2026-11"

[[problem]]
code = "unrecognised"
owner = "mail-server-admin"
retry = "after-fix"
source = "nothing"
"""
BUSY = """
[[problem]]
code = "busy"
owner = "nobody"
side = "ours"
retry = "later"
source = "somebody"
"""


def _name(pair: tuple[Rule, Sample]) -> str:
    rule, sample = pair
    return f"{rule.problem}: {sample.reply[:60] or evidence_of(rule, sample).code}"


@pytest.mark.parametrize("pair", SAMPLES, ids=_name)
def test_a_sample_is_explained_by_its_own_rule(pair: tuple[Rule, Sample]) -> None:
    rule, sample = pair
    entry = load().find(evidence_of(rule, sample))
    assert entry.definition.code == rule.problem
    assert entry.rule is rule


def test_no_rule_is_shadowed_ties_or_decides_by_words() -> None:
    assert list(complaints(load())) == []


def test_there_are_more_than_a_hundred_real_replies_and_each_names_its_source() -> None:
    replies = [sample for _, sample in SAMPLES if sample.reply]
    assert len(replies) >= 100
    assert all(sample.source for _, sample in SAMPLES)


def test_every_problem_has_words() -> None:
    for code in load().definitions:
        assert texts.has(f"problems.{code}.title"), code
        assert texts.has(f"problems.{code}.what"), code
        assert texts.lines(f"problems.{code}.why", **dict.fromkeys(texts.placeholders(f"problems.{code}.why"), "x"))


def test_every_word_has_a_problem() -> None:
    named = {key.split(".")[1] for key in texts.catalogue("en") if key.startswith("problems.")}
    assert named == set(load().definitions)


def _remedies() -> list[tuple[str, Remedy]]:
    found = [(code, remedy) for code, entry in load().definitions.items() for remedy in entry.remedies]
    return found + [(rule.problem, remedy) for rule in RULES for remedy in rule.remedies or ()]


def test_every_remedy_has_words_and_does_something_a_face_knows() -> None:
    for code, remedy in _remedies():
        assert texts.has(remedy.label), (code, remedy.label)
        if remedy.kind is RemedyKind.CHANGE:
            assert remedy.value in FIELDS, code
        if remedy.kind is RemedyKind.WAIT:
            assert remedy.value == "{wait_s}", code
        if remedy.proposal:
            assert remedy.kind is RemedyKind.CHANGE, code


def test_whoever_waits_knows_how_long() -> None:
    for code, entry in load().definitions.items():
        waits = any(remedy.kind is RemedyKind.WAIT for remedy in entry.remedies)
        assert entry.wait_s > 0 or not waits, code


def test_every_source_is_named() -> None:
    assert all(entry.source for entry in load().definitions.values())


def test_every_fact_says_when_it_was_looked_at(tmp_path: Path) -> None:
    assert all(entry.checked.startswith("2026-") for entry in load().definitions.values())
    file = tmp_path / "careless.toml"
    own = '[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nchecked="2027-01-31"\n'
    file.write_text(UNRECOGNISED + own)
    dates = {code: entry.checked for code, entry in read([file]).definitions.items()}
    assert dates == {"unrecognised": "2026-11", "a": "2027-01-31"}
    file.write_text(UNRECOGNISED.replace("checked", "# checked"))
    with pytest.raises(DictionaryInvalid, match="checked"):
        read([file])


def test_the_codes_of_the_backend_and_of_this_computer_exist() -> None:
    assert set(load().definitions) >= {
        "backend-unreachable", "backend-refused-token", "backend-code-used", "backend-code-expired",
        "backend-version-unsupported", "backend-storage-full", "backend-conflict", "backend-fault",
        "no-sender-configured", "keychain-absent", "keychain-locked", "keychain-not-kept", "keychain-refused",
        "clock-wrong", "message-perhaps-sent", "answer-file-invalid", "smtputf8-not-offered",
    }  # fmt: skip


def _read(tmp_path: Path, content: str) -> None:
    file = tmp_path / "careless.toml"
    file.write_text(UNRECOGNISED + BUSY + content)
    read([file])


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    _read(tmp_path, '[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[450]\nsamples=[{reply="450 x", source="s"}]')


SAMPLE = 'samples=[{reply="450 x", source="s"}]'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("= nonsense", "careless.toml"),
        ('[[problem]]\ncode="a"\n', "owner"),
        ('[[problem]]\ncode="a"\nowner="the-boss"\nretry="now"\nsource="s"', "the-boss"),
        ('[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nhint="x"', "hint"),
        (BUSY, "busy is defined twice"),
        ('[[problem]]\ncode="a"\nowner="nobody"\nretry="later"\nsource="s"', "on whose side"),
        ('[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nside="hers"', "hers"),
        ('[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nchecked="lately"', "lately is no date"),
        (f'[[rule]]\nproblem="lazy"\nsystem="smtp"\nreplies=[450]\n{SAMPLE}', "lazy"),
        (f'[[rule]]\nproblem="busy"\nsystem="pigeon"\n{SAMPLE}', "pigeon"),
        (f'[[rule]]\nproblem="busy"\nsystem="smtp"\nenhanced=["4.x"]\n{SAMPLE}', "4.x"),
        ('[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[450]\nsamples=[]', "no sample"),
        (f'[[rule]]\nproblem="busy"\nsystem="smtp"\nwords=["busy"]\n{SAMPLE}', "without a code"),
        (f'[[rule]]\nproblem="busy"\nsystem="smtp"\nreply_class=4\nwords=["busy"]\n{SAMPLE}', "without a code"),
        (f'[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[550]\n{SAMPLE}', "refuse for good"),
        (
            f'[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[550]\nenhanced=["5.4.5"]\nwords=["x"]\n{SAMPLE}',
            "refuse",
        ),
        (f'[[rule]]\nproblem="unrecognised"\nsystem="smtp"\nreplies=[450]\n{SAMPLE}', "ask for another try"),
        (f'[[rule]]\nproblem="unrecognised"\nsystem="smtp"\nreply_class=4\n{SAMPLE}', "ask for another try|forbids"),
        (
            (
                '[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\n'
                'remedies=[{kind="open", label="remedies.x", value="http://example.org"}]'
            ),
            "https",
        ),
        (
            '[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nremedies=[{kind="copy", label="remedies.x"}]',
            "does nothing",
        ),
        ('[[problem]]\ncode="a"\nowner="you"\nretry="now"\nsource="s"\nlearn_more="ftp://x"', "https"),
        ('[[unknown]]\nsystem="smtp"\nowner="you"\nsource="s"\nremedies=[]\n' * 2, "smtp is said twice"),
        ('[[unknown]]\nsystem="pigeon"\nowner="you"\nsource="s"\nremedies=[]', "pigeon"),
        ('[[unknown]]\nsystem="smtp"\nowner="you"\nsource="s"\nremedies=[]\nlearn_more="x"', "unknown of smtp"),
        ('[[unknown]]\nsystem="smtp"\nowner="you"\nsource="s"\nremedies=[]\nretry="now"', "retry"),
    ],
)
def test_a_careless_entry_is_refused_with_its_reason(tmp_path: Path, content: str, why: str) -> None:
    with pytest.raises(DictionaryInvalid, match=why):
        _read(tmp_path, content)


def test_a_dictionary_without_a_last_resort_is_refused() -> None:
    with pytest.raises(DictionaryInvalid, match="unrecognised"):
        read([])


def test_a_rule_that_misses_its_sample_is_complained_about(tmp_path: Path) -> None:
    file = tmp_path / "careless.toml"
    rule = '[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[450]\nsamples=[{reply="451 x", source="s"}]'
    file.write_text(UNRECOGNISED + BUSY + rule)
    assert ["misses its own sample" in complaint for complaint in complaints(read([file]))] == [True]


def test_a_rule_that_is_shadowed_is_complained_about(tmp_path: Path) -> None:
    file = tmp_path / "careless.toml"
    loser = f'[[rule]]\nproblem="busy"\nsystem="smtp"\nreply_class=4\n{SAMPLE}\n'
    winner = f'[[rule]]\nproblem="busy"\nsystem="smtp"\nreplies=[450]\nstages=["submit"]\n{SAMPLE}\n'
    tie = winner.replace("450 x", "450 y")
    file.write_text(UNRECOGNISED + BUSY + loser + winner + tie)
    found = list(complaints(read([file])))
    assert any("lost to busy" in complaint for complaint in found)
    assert any("ties with busy" in complaint for complaint in found)


def test_words_that_would_decide_about_another_try_are_complained_about(tmp_path: Path) -> None:
    file = tmp_path / "careless.toml"
    plain = (
        '[[rule]]\nproblem="unrecognised"\nsystem="smtp"\nenhanced=["5.4.5"]\n'
        'samples=[{reply="550 5.4.5 x", source="s"}]\n'
    )
    wordy = (
        '[[rule]]\nproblem="busy"\nsystem="smtp"\nenhanced=["x.4.5"]\nwords=["busy"]\nretry="later"\n'
        'samples=[{reply="450 4.4.5 busy", source="s"}]\n'
    )
    file.write_text(UNRECOGNISED + BUSY + plain + wordy.replace("x.4.5", "4.4.5"))
    assert any("only codes may" in complaint for complaint in complaints(read([file])))


@pytest.mark.parametrize(
    ("system", "owner"),
    [
        (System.ENTRA, "microsoft-365-admin"),
        (System.GRAPH, "microsoft-365-admin"),
        (System.GOOGLE, "google-workspace-admin"),
        (System.GMAIL, "google-workspace-admin"),
        (System.OAUTH, "mail-server-admin"),
        (System.SMTP, "mail-server-admin"),
    ],
)
def test_whom_to_ask_about_what_is_not_known_hangs_on_who_said_it(system: System, owner: str) -> None:
    entry = load().find(Evidence(stage="sign-in", system=system, reason="reasonOfTomorrow"))
    usual = load().definitions["unrecognised"]
    assert entry.definition.owner == owner
    assert entry.rule is None
    told, common = entry.definition, usual
    assert (told.code, told.retry, told.confidence, told.side) == (
        common.code, common.retry, common.confidence, common.side,
    )  # fmt: skip
    assert all(texts.has(remedy.label) for remedy in told.remedies)
    assert all(texts.has(remedy.value) for remedy in told.remedies if remedy.kind is RemedyKind.COPY)


def test_a_problem_is_no_more_than_its_entry_says() -> None:
    entry = load().definitions["greylisted"]
    assert (entry.owner, entry.retry, entry.wait_s) == ("nobody", "later", 300)
    assert Problem.__struct_fields__[0] == "code"
