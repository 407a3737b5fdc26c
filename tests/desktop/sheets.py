"""Pages to read, boards of what can be tried, and sign-in pages of somebody else, as IT meets them."""

from datetime import timedelta

from tests.wizard.surroundings import NOW

from sendwright.diagnosis.stage import Verdict
from sendwright.document.blocks import (
    Command,
    Document,
    Heading,
    Line,
    Lines,
    Link,
    Mail,
    Mark,
    Paragraph,
    Points,
    QrCode,
    Row,
    Table,
)
from sendwright.problems.classify import classify
from sendwright.problems.evidence import Evidence, System
from sendwright.screens import Action, Cell, Consent, ConsentWay, Field, FieldKind, Notice, Screen, Sheet

LINK = (
    "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/adminconsent"
    "?client_id=66666666-7777-8888-9999-000000000000&state=K7PX2M&redirect_uri=http%3A%2F%2Flocalhost"
)
GRANT = "Add-RecipientPermission -Identity 'info@contoso.com' -Trustee 'anna@contoso.com' -AccessRights SendAs"
MAIL = Mail(
    label="A mail that is ready",
    to="it@contoso.com",
    subject="Please agree to one permission & nothing else",
    body="Hello,\n\nour notifications should come from info@contoso.com.\nPlease open this page: " + LINK,
)
PERMISSIONS = Table(
    caption="What the application may do",
    columns=("Permission", "Why", "Who may grant it"),
    rows=(
        Row(cells=("Mail.Send", "To send as the account that signs in", "The person herself"), mark=Mark.GOOD),
        Row(cells=("Mail.Send.Shared", "To send as a shared mailbox", "The person herself"), mark=Mark.ATTENTION),
        Row(cells=("Mail.ReadWrite", "", "Nobody: it is not asked for"), mark=Mark.WRONG),
    ),
)
FACTS = Table(
    rows=(Row(cells=("Application", "Example Platform")), Row(cells=("Tenant", "contoso.com"), mark=Mark.GOOD))
)
PAIRS = Table(columns=("Command", "Effect"), rows=(Row(cells=("Get-Mailbox", "Shows it"), mark=Mark.WRONG),))
PASTED = Lines(
    label="What you pasted",
    lines=(
        Line(text="Identity                 Trustee                  AccessRights"),
        Line(text="--------                 -------                  ------------"),
        Line(
            text="info@contoso.com         anna@contoso.com         {SendAs}", mark=Mark.GOOD, remark="Anna may send."
        ),
        Line(text="info@contoso.com         bob@contoso.com          {}", mark=Mark.WRONG, remark="The right lacks."),
    ),
)
BLOCKS = (
    Heading(text="For whoever administers Microsoft 365"),
    Paragraph(text="One permission is asked for, once, for the whole organisation."),
    Paragraph(text="The application cannot read anybody's mail.", strong=True),
    Points(items=("Open the page.", "Sign in.", "Press Accept."), numbered=True),
    Points(items=("No password is asked for.", "No licence is needed.")),
    PERMISSIONS,
    FACTS,
    PAIRS,
    Command(label="Grant the right", value=GRANT + "\nGet-RecipientPermission -Identity 'info@contoso.com'"),
    Link(label="Open the page of the administrator", address=LINK, path="Entra → Enterprise applications"),
    QrCode(label="The same page, for a telephone", value=LINK),
    MAIL,
    PASTED,
)
IT_SHEET = Document(id="it-sheet", title="Sending through Microsoft 365: for your IT", blocks=BLOCKS)

REFUSED = classify(
    Evidence(
        stage="sender",
        system=System.GRAPH,
        http=403,
        reason="ErrorSendAsDenied",
        text="The user account which was used to submit this request does not have the right to send mail.",
        values={"username": "anna@contoso.com", "mailbox": "info@contoso.com"},
    )
)
CELLS = (
    Cell(
        id="me-own",
        title="anna@contoso.com sends",
        detail="Through the account's own mailbox",
        verdict=Verdict.PASSED,
        facts=(("Recipients see", "anna@contoso.com"), ("The sent copy lies in", "Sent Items of anna@contoso.com")),
        action=Action(name="try-me-own", label="microsoft365.board.try-again", stays=True),
    ),
    Cell(
        id="me-shared",
        title="anna@contoso.com sends as info@contoso.com",
        detail="Through the account's own mailbox",
        verdict=Verdict.FAILED,
        problem=REFUSED,
        action=Action(name="try-me-shared", label="microsoft365.board.try-again", stays=True),
    ),
    Cell(
        id="shared",
        title="anna@contoso.com sends as info@contoso.com",
        detail="Through the mailbox itself",
        verdict=Verdict.FAILED,
        waiting=True,
        action=Action(name="try-shared", label="microsoft365.board.try-again", stays=True),
    ),
    Cell(
        id="smtp",
        title="anna@contoso.com sends as info@contoso.com",
        detail="Through SMTP",
        recommended=True,
        action=Action(name="try-smtp", label="microsoft365.board.try", stays=True),
    ),
    Cell(id="nothing", title="The application sends as info@contoso.com", detail="No certificate is there yet"),
)
OUTPUT = Field(
    name="output",
    kind=FieldKind.LINES,
    label="microsoft365.board.output",
    help="microsoft365.board.output-help",
    placeholder="custom_smtp.host.placeholder",
)
TO = Field(name="to", kind=FieldKind.EMAIL, label="microsoft365.board.to", help="microsoft365.board.to-help")
RETRY = Action(name="retry", label="microsoft365.board.retry", stays=True)

READ = Sheet(
    step="microsoft-handover",
    title="microsoft365.board.title",
    lead="microsoft365.board.lead-account",
    document=Document(id="handover", title="Who may send as whom?", blocks=BLOCKS),
    documents=(IT_SHEET,),
    actions=(Action(name="other", label="microsoft365.board.limited"),),
)
BOARD = Sheet(
    step="microsoft-board",
    title="microsoft365.board.title",
    lead="microsoft365.board.lead-account",
    document=Document(id="board", title="Who may send as whom?", blocks=(Paragraph(text="Try it."), PASTED)),
    cells=CELLS,
    fields=(TO, OUTPUT),
    actions=(Action(name="read", label="microsoft365.board.read", stays=True),),
    notices=(Notice(key="review.open.junk"),),
    documents=(IT_SHEET,),
    retry=RETRY,
    retry_at=NOW + timedelta(minutes=4, seconds=5),
)
WAITING = Sheet(
    step="microsoft-waiting",
    title="microsoft365.board.title",
    document=Document(id="waiting", title="Wait", blocks=(Paragraph(text="Usually this takes a few minutes."),)),
    retry=RETRY,
    retry_at=NOW + timedelta(hours=1, minutes=30),
    without_submit=True,
    actions=(Action(name="later", label="microsoft365.board.granted"),),
)
EMBEDDED = Consent(
    step="microsoft-consent",
    title="microsoft365.board.title",
    url="https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=6",
    redirect_uri="https://login.microsoftonline.com/common/oauth2/nativeclient",
    system=System.ENTRA,
    actions=(
        Action(name="browser", label="microsoft365.board.granted"),
        Action(name="device", label="microsoft365.board.limited", quiet=True),
        Action(name="hand-over", label="microsoft365.board.read", quiet=True),
    ),
)
BROWSER = Consent(
    step="microsoft-consent",
    title="microsoft365.board.title",
    lead="microsoft365.board.lead-application",
    url="https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize?client_id=6",
    way=ConsentWay.BROWSER,
    redirect_uri="http://localhost:50123",
    actions=(Action(name="device", label="microsoft365.board.limited"),),
)
DEVICE = Consent(
    step="microsoft-consent",
    title="microsoft365.board.title",
    url="https://login.microsoft.com/device",
    way=ConsentWay.DEVICE,
    user_code="K7PX2M9QD",
    expires_at=NOW + timedelta(minutes=15),
)
PAGES: dict[str, Screen] = {
    "sheet": READ,
    "board": BOARD,
    "retry": WAITING,
    "consent": EMBEDDED,
    "consent-browser": BROWSER,
    "consent-device": DEVICE,
}
