"""Secrets that nobody told of: known by where they stand or by their shape; what helps support stays."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.recording.canaries import KINDS

from sendwright.recording.grammar import STAND_IN, cut_by_place

C = "cAnAry0123456789xyz"
SHORT = "hunter2"
JWT = KINDS["access token of Microsoft"]
CUT = STAND_IN


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        # header fields
        (f"Authorization: Bearer {C}", f"Authorization: Bearer {CUT}"),
        (f"authorization:Basic {C}\nDate: today", f"authorization: Basic {CUT}\nDate: today"),
        (f"> Proxy-Authorization: Basic {C}==", f"> Proxy-Authorization: Basic {CUT}"),
        (f"Authorization: {C}", f"Authorization: {CUT}"),
        (f"Authorization: Negotiate\r\n {C}\r\nHost: x", f"Authorization: {CUT}\r\nHost: x"),
        (f"Cookie: a={SHORT}; b={C}", f"Cookie: {CUT}"),
        (f"Set-Cookie: sid={SHORT}; Path=/; HttpOnly", f"Set-Cookie: {CUT}"),
        (f"X-Api-Key: {SHORT}", f"X-Api-Key: {CUT}"),
        (f"X-Amz-Security-Token: {C}", f"X-Amz-Security-Token: {CUT}"),
        (f"{{'Authorization': 'Bearer {C}', 'Host': 'x'}}", f"{{'Authorization': '{CUT}', 'Host': 'x'}}"),
        # links
        (f"https://anna:{SHORT}@example.org/a", f"https://{CUT}@example.org/a"),
        (f"https://{C}@example.org", f"https://{CUT}@example.org"),
        ("https://anna:p@ss@example.org", f"https://{CUT}@example.org"),
        (f"GET https://x/?code={SHORT}&lang=en", f"GET https://x/?code={CUT}&lang=en"),
        (f"https://x/cb?lang=en&state={SHORT}#top", f"https://x/cb?lang=en&state={CUT}#top"),
        (f"https://x/cb#access_token={SHORT}&expires_in=3600", f"https://x/cb#access_token={CUT}&expires_in=3600"),
        (f"https://x/a?sv=2024&sig={SHORT}%3D", f"https://x/a?sv=2024&sig={CUT}"),
        (f"https://x/a?a=1&amp;session={SHORT}", f"https://x/a?a=1&amp;session={CUT}"),
        (f"back to %3Fcode%3D{SHORT}%26x", f"back to %3Fcode%3D{CUT}"),
        (
            f"534 https://accounts.google.com/signin/continue?plt={SHORT} 5.7.14",
            f"534 https://accounts.google.com/signin/continue?plt={CUT} 5.7.14",
        ),
        (f"https://x/f?X-Amz-Signature={SHORT}", f"https://x/f?X-Amz-Signature={CUT}"),
        (
            f"https://x/?next=https%253A%252F%252Fa%252Fcb%253Fcode%253D{SHORT}",
            f"https://x/?next=https%253A%252F%252Fa%252Fcb%253Fcode%253D{CUT}",
        ),
        (f"https://x/?next=a%25253Faccess_token%25253D{SHORT}", f"https://x/?next=a%25253Faccess_token%25253D{CUT}"),
        # dumps of other languages, pages with JSON in them
        (f"'password' => '{SHORT}', 'x' => 1", f"'password' => '{CUT}', 'x' => 1"),
        (f':password=>"{SHORT}"', f':password=>"{CUT}"'),
        (f'Login{{User:"x", Password:"{SHORT}"}}', f'Login{{User:"x", Password:"{CUT}"}}'),
        (f'{{"name":"smtp.password","value":"{SHORT}"}}', f'{{"name":"smtp.password","value":"{CUT}"}}'),
        (f'[{{"key": "client_secret", "value": "{C}"}}]', f'[{{"key": "client_secret", "value": "{CUT}"}}]'),
        (
            f"{{&quot;password&quot;:&quot;{SHORT}&quot;,&quot;a&quot;:1}}",
            f"{{&quot;password&quot;:&quot;{CUT}&quot;,&quot;a&quot;:1}}",
        ),
        (f'"sFT":"{SHORT}","canary":"{C}","apiCanary":"{C}"', f'"sFT":"{CUT}","canary":"{CUT}","apiCanary":"{CUT}"'),
        (f"SMTP_PASS={SHORT} newPwd={SHORT}", f"SMTP_PASS={CUT} newPwd={CUT}"),
        # forms
        (f"grant_type=refresh_token&refresh_token={SHORT}", f"grant_type=refresh_token&refresh_token={CUT}"),
        (f"code={SHORT}&client_id=app", f"code={CUT}&client_id=app"),
        (f"client_secret={SHORT}&scope=mail", f"client_secret={CUT}&scope=mail"),
        (f"client_assertion={C}", f"client_assertion={CUT}"),
        (f"code_verifier={C}", f"code_verifier={CUT}"),
        (f"SMTP_PASSWORD={SHORT}", f"SMTP_PASSWORD={CUT}"),
        (f"password = '{SHORT} and more'", f"password = '{CUT}'"),
        (f"pwd={SHORT}", f"pwd={CUT}"),
        # JSON, also inside a string, and what is no string
        (f'{{"password":"{SHORT}"}}', f'{{"password":"{CUT}"}}'),
        ('{"password":"a\\"b\\\\","x":1}', f'{{"password":"{CUT}","x":1}}'),
        (f'{{"access_token" : "{C}", "expires_in": 3599}}', f'{{"access_token" : "{CUT}", "expires_in": 3599}}'),
        (f'{{\\"client_secret\\":\\"{SHORT}\\",\\"a\\":1}}', f'{{\\"client_secret\\":\\"{CUT}\\",\\"a\\":1}}'),
        ('{"pin": 123456}', f'{{"pin": {CUT}}}'),
        (f'{{"code": "{C}"}}', f'{{"code": "{CUT}"}}'),
        (f'{{"device_code":"{SHORT}","user_code":"ABCD"}}', f'{{"device_code":"{CUT}","user_code":"{CUT}"}}'),
        # XML and HTML
        (f"<Password>{SHORT}</Password>", f"<Password>{CUT}</Password>"),
        (f'<a:password type="x">{SHORT}</a:password>', f'<a:password type="x">{CUT}</a:password>'),
        (f'<input name="SAMLResponse" value="{SHORT}"/>', f'<input name="SAMLResponse" value="{CUT}"/>'),
        # signing in to a mail server
        (f"AUTH PLAIN {C}", f"AUTH PLAIN {CUT}"),
        (f"auth login {SHORT}", f"auth login {CUT}"),
        (f"AUTH XOAUTH2 {C}=", f"AUTH XOAUTH2 {CUT}"),
        ("334 UGFzc3dvcmQ6", f"334 {CUT}"),
        (f"535 bad Bearer {C}", f"535 bad Bearer {CUT}"),
        # shapes
        (f"token was {JWT}!", f"token was {CUT}!"),
        (f"begins with {JWT[:40]}", f"begins with {CUT}"),
        (f"lost {KINDS['access token of Google']}, sorry", f"lost {CUT}, sorry"),
        (f"lost {KINDS['refresh token of Google']}", f"lost {CUT}"),
        (f"lost {KINDS['authorisation code of Google']}", f"lost {CUT}"),
        (f"lost {KINDS['client secret of Google']}", f"lost {CUT}"),
        (f"lost {KINDS['refresh token of Microsoft']}", f"lost {CUT}"),
        (f"lost {KINDS['newer refresh token of Microsoft']}", f"lost {CUT}"),
        (f"lost {KINDS['client secret of Microsoft']}", f"lost {CUT}"),
        (f"lost {KINDS['code of a Microsoft account']}", f"lost {CUT}"),
        (f"lost {KINDS['token of a Microsoft account']}", f"lost {CUT}"),
        (f"lost {KINDS['API key of SendGrid']}", f"lost {CUT}"),
        (f"lost {KINDS['key of Mailgun']}", f"lost {CUT}"),
        (f"lost {KINDS['key of Brevo']}", f"lost {CUT}"),
        (f"lost {KINDS['token of GitHub']}", f"lost {CUT}"),
        (f"code {KINDS['connection code']} here", f"code {CUT} here"),
        (KINDS["private key"], CUT),
        (KINDS["older private key"].replace("\n", "\\n") + " end", f"{CUT} end"),
        (KINDS["private key"][:60], CUT),
    ],
)
def test_what_stands_in_the_place_of_a_secret_is_cut(said: str, shown: str) -> None:
    assert cut_by_place(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "250-AUTH PLAIN LOGIN XOAUTH2\n250 SIZE 35882577",
        "250-AUTH=PLAIN LOGIN",
        "535 5.7.8 Username and Password not accepted. For more information, go to https://support.google.com/mail/",
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [AM0PR04CA0012.eurprd04.prod.outlook.com 2026-11-20T12:00:00.000Z 08DE1234ABCD5678]",  # noqa: E501 - one real answer
        "421 4.3.2 too many connections, code=421 from 192.0.2.1",
        "250 2.0.0 OK  1763640000 a640c23a62f3a-b7345a2f1sm123456166b.12 - gsmtp",
        "250 2.0.0 Ok: queued as 4dCw8Y3L2Vz9rwH",
        '{"error":"invalid_grant","error_description":"AADSTS70043: The refresh token expired","codes":[70043]}',
        '{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired or is not yet valid."}}',
        '{"error":{"code":"ErrorSendAsDenied","innerError":{"request-id":"5e1ca9a2-7c4e-4ca9-9a17-0c0ffee0ca9a"}}}',
        '{"error": {"code": 403, "status": "PERMISSION_DENIED", "reason": "insufficientPermissions"}}',
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="x"',
        'Basic realm="proxy"',
        "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/token",
        "https://x/cb?error=access_denied&error_description=AADSTS65004",
        "Token expired. Basic authentication was refused; the password is wrong",
        '{"error_uri":"https://login.microsoftonline.com/error?code=7000222"}',
        "state=deferred code=4.7.1",
        'x-ms-ags-diagnostic: {"ServerInfo":{"DataCenter":"West Europe","Ring":"5"}}',
        "MAIL FROM:<anna@example.org> SIZE=18",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "SRS0=HHHH=TT=example.org=anna@forwarder.example",
        "",
    ],
)
def test_what_helps_to_find_the_cause_stays(said: str) -> None:
    assert cut_by_place(said) == said


@given(st.text())
def test_to_cut_twice_is_to_cut_once(text: str) -> None:
    once = cut_by_place(text)
    assert cut_by_place(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "password=", 'password":"', "Authorization: ", "://a", "eyJ.", "-----BEGIN PRIVATE KEY-----", "SW1-ABCDE-",
        "<password ", "name=password ", "code=", "%3Fcode%3D", "\\", 'secret"' + " " * 20, "Bearer ", "a",
        "AUTH PLAIN ", "1.A", "\n ", "cookie:\n ", "'", "code=a&",
    ],
)  # fmt: skip
def test_the_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    def took(times: int) -> float:
        text = piece * times
        begun = time.process_time()
        cut_by_place(text)
        return time.process_time() - begun

    small, large = 5_000 // len(piece), 40_000 // len(piece)
    assert took(large) < 0.3 + 40 * took(small)  # eight times the text: a square would be sixty-four times
