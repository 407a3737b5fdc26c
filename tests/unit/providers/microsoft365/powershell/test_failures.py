import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.providers.microsoft365.powershell import printed

from sendwright.providers.microsoft365.powershell.failures import complaints
from sendwright.texts import has


def kinds(text: str) -> list[str]:
    return [one.kind for one in complaints(tuple(text.split("\n")))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (printed.NO_COMMAND_7, "no-command"),
        (printed.NO_COMMAND_FR, "no-command"),
        (
            "Install-Module : ...\n    + FullyQualifiedErrorId : NoMatchFoundForCriteria,Microsoft.PowerShell",
            "no-module",
        ),
        (
            "Import-Module : x\n+ FullyQualifiedErrorId : Modules_ModuleNotFound,Microsoft.PowerShell.Commands",
            "no-module",
        ),
        ("Get-MgServicePrincipal : x\n+ [Authorization_RequestDenied]", "no-rights"),
        ("x : Zugriff\n    + CategoryInfo : x [Add-X], CmdletAccessDeniedException", "no-rights"),
        (
            "Op\u00e9ration impossible\n    + CategoryInfo : NotSpecified: (:) [X], ManagementObjectNotFoundException",
            "not-found",
        ),
        ("New-ManagementScope : x\n+ CategoryInfo : x, ADObjectAlreadyExistsException", "exists"),
        ("A parameter cannot be found\n+ FullyQualifiedErrorId : NamedParameterNotFound,Get-X", "wrong-parameter"),
        ("Import-Module : File x.psm1 cannot be loaded\n+ CategoryInfo : PSSecurityException", "scripts-forbidden"),
        ("You must call the Connect-ExchangeOnline cmdlet before calling any other cmdlets.", "not-connected"),
    ],
)
def test_errors_are_known_by_the_names_of_their_exceptions(text: str, kind: str) -> None:
    assert kinds(text) == [kind]
    assert has(f"microsoft365.powershell.findings.error-{kind}")


def test_an_error_is_marked_once_at_its_first_line() -> None:
    lines = tuple(printed.NO_COMMAND_FR.split("\n"))
    [found] = complaints(lines)
    assert "Get-RecipientPermission :" in lines[found.line] or lines[found.line].startswith("Au caract")


def test_an_error_over_several_lines_is_found() -> None:
    assert set(kinds(printed.NOT_FOUND_5)) == {"not-found"}


@pytest.mark.parametrize(
    "text", [printed.SEND_AS_LIST, printed.SEND_AS_TABLE, printed.AUTHORIZED, printed.SMTP_OFF, ""]
)
def test_output_without_errors_has_none(text: str) -> None:
    assert kinds(text) == []


@given(st.text(max_size=300))
def test_anything_is_survived(text: str) -> None:
    lines = tuple(text.split("\n"))
    assert all(0 <= one.line < len(lines) for one in complaints(lines))
