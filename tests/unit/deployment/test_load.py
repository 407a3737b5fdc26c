"""Where the deployment comes from, and what is said about a file that cannot be used."""

from pathlib import Path

import pytest

from sendwright.address import parse_mailbox
from sendwright.deployment import Deployment, Kind, load
from sendwright.deployment.load import FILE_NAME, VARIABLE, program_folder
from sendwright.errors import DeploymentInvalid
from sendwright.texts import speaking


def named(folder: Path, platform: str, *, file: str = FILE_NAME) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / file
    path.write_text(f'[platform]\nname = "{platform}"\n', encoding="utf-8")
    return path


def test_without_a_file_everything_is_neutral(tmp_path: Path) -> None:
    deployment = load(None, {}, beside=tmp_path)
    assert deployment == Deployment()
    assert deployment.source is None
    assert deployment.platform.name == "the platform"
    assert deployment.platform.default_sender == parse_mailbox("Notifications <notifications@platform.example>")
    assert deployment.backend.url == ""
    assert deployment.features.custom_smtp
    assert [kind.id for kind in deployment.kinds] == [
        *("comment", "task", "rights-request", "audit-invitation", "user-invitation", "reminder"),
        *("compliance-alert", "incident", "workflow", "test"),
    ]


@pytest.mark.parametrize(
    ("language", "name"), [("en", "the platform"), ("fr", "la plateforme"), ("nl", "het platform")]
)
def test_a_platform_without_a_name_is_called_one_in_the_language_in_use(
    language: str, name: str, tmp_path: Path
) -> None:
    with speaking(language):
        assert load(None, {}, beside=tmp_path).platform.name == name
        assert Deployment().platform.name == name


@pytest.mark.parametrize(
    ("option", "variable", "beside", "platform"),
    [
        (True, True, True, "option"),
        (False, True, True, "variable"),
        (False, False, True, "beside"),
        (True, False, False, "option"),
        (False, False, False, "the platform"),
    ],
)
def test_the_option_goes_before_the_variable_before_the_folder(
    tmp_path: Path, option: bool, variable: bool, beside: bool, platform: str
) -> None:
    path = named(tmp_path / "a", "option", file="own.toml") if option else None
    environ = {VARIABLE: str(named(tmp_path / "b", "variable"))} if variable else {VARIABLE: ""}
    folder = tmp_path / "c"
    if beside:
        named(folder, "beside")
    assert load(path, environ, beside=folder).platform.name == platform


def test_the_program_lies_where_its_interpreter_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(named(tmp_path, "beside").parent / "sendwright.exe"))
    assert program_folder() == tmp_path
    assert load(None, {}).platform.name == "beside"


@pytest.mark.parametrize("by_variable", [False, True])
def test_a_file_that_was_named_must_be_there(tmp_path: Path, by_variable: bool) -> None:
    missing = tmp_path / "missing.toml"
    with pytest.raises(DeploymentInvalid) as raised:
        load(None, {VARIABLE: str(missing)}) if by_variable else load(missing, {})
    assert str(raised.value) == f"The deployment file {missing} cannot be read: there is no such file."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[platform\n", "is not a TOML file"),
        (b'name = "\xff"\n', "cannot be read: it is not UTF-8 text."),
        (b"a = 1\na = 2\n", "is not a TOML file"),
        (b"a = " + b"[" * 100_000, "is not a TOML file"),
        (b"#" * (1024 * 1024 + 1), "File too large"),
    ],
)
def test_a_file_that_is_no_toml_says_so(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(content)
    with pytest.raises(DeploymentInvalid) as raised:
        load(path, {})
    assert str(path) in str(raised.value)
    assert reason in str(raised.value)


def test_a_file_as_windows_writes_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes('[platform]\r\nname = "Zürich"\r\n'.encode("utf-8-sig"))
    assert load(path, {}).platform.name == "Zürich"


def test_a_device_without_end_is_no_file() -> None:
    with pytest.raises(DeploymentInvalid, match="cannot be read"):
        load(Path("/dev/zero"), {})


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DeploymentInvalid, match="cannot be read"):
        load(tmp_path, {})


@pytest.mark.parametrize(
    ("content", "key", "reason"),
    [
        ("[platfrom]\n", "platfrom", "no such key. Known keys here: platform, backend"),
        ("name = 'x'\n", "name", "no such key"),
        ("[platform]\nnmae = 'x'\n", "platform.nmae", "no such key. Known keys here: name, default_sender"),
        ("platform = 'x'\n", "platform", "Write [platform] above its keys"),
        ("[[platform]]\n", "platform", "Write [platform] above its keys"),
        ("[kinds]\nid = 'x'\n", "kinds", "Write [[kinds]] above"),
        ("kinds = ['x']\n", "kinds", "Write [[kinds]] above"),
        ("[platform]\nname = ''\n", "platform.name", "must not be empty"),
        ("[platform]\nname = 5\n", "platform.name", "text in quotation marks"),
        ("[platform]\ndefault_sender = 'a@example.org'\n", "platform.default_sender", "a name and an address"),
        ("[platform]\ndefault_sender = 'A <a@b>'\n", "platform.default_sender", "has no dot"),
        ("[platform]\naccent = 'red'\n", "platform.accent", "a colour such as"),
        ("[platform]\naccent = '#8ab4f8'\n", "platform.accent", "#8ab4f8 with white is 2.11:1"),
        ("[platform]\nhelp_url = 'http://example.org'\n", "platform.help_url", "begins with https://"),
        ("[platform]\nhelp_url = 'https://a:b@example.org'\n", "platform.help_url", "begins with https://"),
        ("[platform]\nlogo = 'none.svg'\n", "platform.logo", "no such file"),
        ("[platform]\nlogo = 'own.toml'\n", "platform.logo", "SVG or PNG"),
        ("[backend]\nurl = 'http://example.org'\n", "backend.url", "on this computer"),
        ("[backend]\nurl = 'https://exa mple.org:x'\n", "backend.url", "complete address"),
        ("[backend]\nca_file = 'none.pem'\n", "backend.ca_file", "no such file"),
        ("[microsoft]\ncloud = 'mars'\n", "microsoft.cloud", "one of global, us-government"),
        ("[microsoft]\nredirect_uri = ''\n", "microsoft.redirect_uri", "not be empty"),
        ("[microsoft]\nredirect_uri = 'localhost'\n", "microsoft.redirect_uri", "complete address"),
        ("[microsoft]\nauthority = 'http://example.org'\n", "microsoft.authority", "on this computer"),
        ("[google]\nclient_secret = ''\n", "google.client_secret", "not be empty"),
        ("[google]\ntoken_uri = 'ftp://example.org'\n", "google.token_uri", "begins with https://"),
        ("[google]\nlogin = 'http://example.org'\n", "google.login", "begins with https://"),
        ("[google]\ngmail = 'localhost:1'\n", "google.gmail", "begins with https://"),
        ("[features]\ngmail = 'yes'\n", "features.gmail", "true or false"),
        ("[features]\ngmail = 1\n", "features.gmail", "true or false"),
        ("[[kinds]]\nlabel = 'x'\n", "kinds[1].id", "must be there"),
        ("[[kinds]]\nid = 'Comment'\n", "kinds[1].id", "small letters"),
        ("[[kinds]]\nid = 'a'\n[[kinds]]\nid = 'b'\ncolour = 'x'\n", "kinds[2].colour", "no such key"),
        ("[[kinds]]\nid = 'a'\n[[kinds]]\nid = 'a'\n", "kinds.id", "The id a is there twice"),
    ],
)
def test_a_file_that_cannot_be_used_names_file_key_and_reason(
    tmp_path: Path, content: str, key: str, reason: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DeploymentInvalid) as raised:
        load(path, {})
    words = str(raised.value)
    assert words.startswith(f"The deployment file {path} cannot be used because of {key}: ")
    assert reason in words


def test_everything_a_file_says_arrives(tmp_path: Path) -> None:
    (tmp_path / "logo.SVG").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "authority.pem").write_text("", encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(
        """
        [platform]
        name = " Example "
        default_sender = '"Example, Inc." <Notify@BÜCHER.example>'
        support_contact = "+32 2 000 00 00"
        help_url = "https://help.example.com/?a=b"
        accent = "#8A0F4B"
        logo = "logo.SVG"
        [backend]
        url = "http://[::1]:8080/base"
        ca_file = "authority.pem"
        [microsoft]
        client_id = "1"
        cloud = "china"
        redirect_uri = "msal1://auth"
        authority = "http://127.0.0.1:99"
        [google]
        client_id = "2"
        client_secret = "GOCSPX-hidden"
        auth_uri = "http://localhost:99/auth"
        token_uri = "https://token.example.com"
        name = "Example Notifications"
        login = "https://localhost:99"
        gmail = "https://localhost:98"
        smtp = "localhost:2587"
        [features]
        custom_smtp = false
        microsoft365 = false
        gmail = false
        device_code = false
        own_registration = false
        [[kinds]]
        id = "comment"
        label = "Remark"
        [[kinds]]
        id = "own-kind"
        """,
        encoding="utf-8",
    )
    found = load(path, {})
    assert found.source == path.resolve()
    assert found.platform.name == "Example"
    assert found.platform.default_sender == parse_mailbox("Example, Inc. <Notify@bücher.example>")
    assert (found.platform.support_contact, found.platform.accent) == ("+32 2 000 00 00", "#8a0f4b")
    assert found.platform.help_url == "https://help.example.com/?a=b"
    assert (found.platform.logo, found.backend.ca_file) == (tmp_path / "logo.SVG", tmp_path / "authority.pem")
    assert found.backend.url == "http://[::1]:8080/base"
    assert (found.microsoft.client_id, found.microsoft.cloud) == ("1", "china")
    assert (found.microsoft.redirect_uri, found.microsoft.authority) == ("msal1://auth", "http://127.0.0.1:99")
    assert found.google.client_secret is not None
    assert found.google.client_secret.reveal() == "GOCSPX-hidden"
    assert (found.google.auth_uri, found.google.token_uri) == ("http://localhost:99/auth", "https://token.example.com")
    assert (found.google.name, found.google.smtp) == ("Example Notifications", "localhost:2587")
    assert (found.google.login, found.google.gmail) == ("https://localhost:99", "https://localhost:98")
    assert not any(getattr(found.features, name) for name in found.features.__struct_fields__)
    assert found.kinds == (Kind(id="comment", label="Remark"), Kind(id="own-kind"))


def test_the_secret_in_a_file_never_prints(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[google]\nclient_secret = "GOCSPX-hidden"\nclient_id = 1\n', encoding="utf-8")
    with pytest.raises(DeploymentInvalid) as raised:
        load(path, {})
    assert "hidden" not in f"{raised.value} {raised.value.__cause__} {raised.value.__context__}"
    path.write_text('[google]\nclient_secret = "GOCSPX-hidden"\n', encoding="utf-8")
    assert "hidden" not in f"{load(path, {})!r} {load(path, {})}"


@pytest.mark.parametrize(
    ("kind", "label"), [("comment", "Remark"), ("task", "Task"), ("own-kind", "own-kind"), ("unheard-of", "unheard-of")]
)
def test_a_kind_has_a_label_in_any_case(kind: str, label: str) -> None:
    deployment = Deployment(kinds=(Kind(id="comment", label="Remark"), Kind(id="task"), Kind(id="own-kind")))
    assert deployment.kind_label(kind) == label
