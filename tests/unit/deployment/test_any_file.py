"""Whatever a deployment file says: it loads, or one sentence names the key."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sendwright.deployment import Deployment, load
from sendwright.deployment.load import READERS, SECTIONS
from sendwright.errors import DeploymentInvalid

SECTION_KEYS = [(section, key) for section, of in SECTIONS.items() for key in READERS[of]]


def toml(text: str) -> str:
    """Return `text` as a basic string of TOML."""
    escaped = "".join(
        f"\\u{ord(one):04x}" if ord(one) < 0x20 or one in '"\\\x7f' else one for one in text if ord(one) < 0xD800
    )
    return f'"{escaped}"'


values = st.one_of(
    st.text(max_size=40).map(toml),
    st.sampled_from(
        [
            *("true", "false", "0", "-1", "1.5", "inf", "[]", "[1]", "{}", "{a = 1}", "1979-05-27", "07:32:00"),
            *('""', '"#1f5fbf"', '"#zzzzzz"', '"https://example.org"', '"http://[::1"', '"https://a:b@c"'),
            *('"A <a@example.org>"', '"global"', '"\\u0000"', '"../x"', '"/"', '"."'),
        ]
    ),
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("deployment") / "own.toml"


@given(st.sampled_from(SECTION_KEYS), values)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_is_taken_or_refused_by_its_key(file: Path, place: tuple[str, str], value: str) -> None:
    section, key = place
    file.write_text(f"[{section}]\n{key} = {value}\n", encoding="utf-8")
    try:
        found = load(file, {})
    except DeploymentInvalid as invalid:
        words = str(invalid)
    else:
        assert isinstance(found, Deployment)
        assert found.source == file.resolve()
        return
    assert words.startswith(f"The deployment file {file} cannot be used because of {section}.{key}: ")
    assert len(words.splitlines()) == 1


@given(st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_octets_load_or_are_refused(file: Path, octets: bytes) -> None:
    file.write_bytes(octets)
    try:
        found = load(file, {})
    except DeploymentInvalid as invalid:
        words = str(invalid)
    else:
        assert found.source == file.resolve()
        return
    assert words.startswith(f"The deployment file {file} ")


@pytest.mark.parametrize(("section", "key"), SECTION_KEYS)
def test_every_key_refuses_a_table(file: Path, section: str, key: str) -> None:
    file.write_text(f"[{section}.{key}]\nx = 1\n", encoding="utf-8")
    with pytest.raises(DeploymentInvalid) as raised:
        load(file, {})
    assert f"because of {section}.{key}: This must be" in str(raised.value)
