import check_rules
import pytest
from tests.tools.conftest import Checkout

# Put together at run time, so that this file passes the rules that it tests.
HOST = "py" + "pi.org"
MACHINE = "/wo" + "rk/"
NOQA = "# no" + "qa"
IGNORE = "# type: ign" + "ore"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Makefile", f"curl https://{HOST}/simple"),
        ("README.md", f"see {MACHINE}main"),
        ("app/sendwright/a.py", "# see iss" + "ue 12"),
        ("README.md", "<" * 7 + " HEAD"),
        ("README.md", "trailing "),
        ("app/sendwright/a.py", "# TO" + "DO later"),
        ("app/sendwright/a.py", f"x = 1  {NOQA}"),
        ("app/sendwright/a.py", f"x = 1  {NOQA}: S105"),
        ("tools/a.py", f"x = 1  {IGNORE}"),
        ("tools/a.py", f"x = 1  {IGNORE}[attr-defined]"),
        ("app/sendwright/a.py", 'print("x")'),
        ("app/sendwright/a.py", "context.check_hostname = " + "False"),
        ("app/sendwright/a.py", "context.verify_mode = ssl.CERT_" + "NONE"),
        ("app/sendwright/a.py", "import pick" + "le"),
        ("resources/texts/en/start.toml", 'title = "Well done!"'),
    ],
)
def test_what_the_rules_refuse(path: str, line: str) -> None:
    assert len(list(check_rules.broken(line, path))) == 1


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("README.md", "pip's own settings say where packages come from"),
        ("app/sendwright/a.py", f'PASSWORD = "password"  {NOQA}: S105 - the name of a kind'),
        ("app/sendwright/a.py", f"x = 1  {NOQA}: S105, N818 - two rules, one reason"),
        ("app/sendwright/a.py", f"x.y = 1  {IGNORE}[attr-defined]  # the attribute is what is tested"),
        ("app/sendwright/a.py", f"x.y = 1  {IGNORE}[attr-defined] - the attribute is what is tested"),
        ("app/sendwright/cli/render.py", 'print("x")'),
        ("tools/a.py", 'print("x")'),
        ("app/sendwright/cli/terminal.py", 'self.console.print("x")'),
        ("app/sendwright/a.py", "blueprint(1)"),
        ("tests/test_a.py", "context.check_hostname = " + "False"),
        ("app/sendwright/a.py", "certificates that were issued 3 days ago"),
        ("resources/texts/en/start.toml", 'title = "Well done"'),
        ("app/sendwright/a.py", "if a != b:"),
        ("README.md", "homework/ and framework/ are folders"),
    ],
)
def test_what_the_rules_allow(path: str, line: str) -> None:
    assert list(check_rules.broken(line, path)) == []


def test_a_finding_says_file_line_and_reason(checkout: Checkout) -> None:
    root = checkout({"app/sendwright/a.py": 'x = 1\nprint("x")\n'})
    assert list(check_rules.findings(root)) == ["app/sendwright/a.py:2: only the terminal's renderer prints"]


def test_a_file_without_a_last_line_end_is_named(checkout: Checkout) -> None:
    root = checkout({"a.md": "x", "tests/a-truncated.eml": "cut off on purpo"})
    assert list(check_rules.findings(root)) == ["a.md: the last line has no end"]


def test_files_that_are_no_text_are_passed_over(checkout: Checkout) -> None:
    root = checkout({})
    (root / "logo.png").write_bytes(b"\x89PNG\xff\xfe ")
    assert list(check_rules.findings(root)) == []


def test_every_rule_has_a_reason() -> None:
    assert all(rule.why for rule in check_rules.RULES)
