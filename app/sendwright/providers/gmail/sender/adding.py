"""The page that says how an address becomes a sending address of a mailbox, so that Gmail leaves it in From."""

from sendwright.document.blocks import Document, Heading, Link, Paragraph, Points
from sendwright.providers.gmail.answers import GmailAnswers
from sendwright.texts import lines, text

SEND_AS = "https://mail.google.com/mail/#settings/accounts"
SEND_AS_PATH = "Gmail > Settings > See all settings > Accounts > Send mail as > Add another email address"
USERS = "https://admin.google.com/ac/users"
USERS_PATH = "Admin console > Directory > Users > (the user) > User information > Alternate email addresses"
GROUPS = "https://admin.google.com/ac/groups"
GROUPS_PATH = "Admin console > Directory > Groups > (the group) > Access settings"
HELP = "https://support.google.com/mail/answer/22370"


def adding_document(state: GmailAnswers) -> Document:
    """Return the page; with the address that was chosen, where one was."""
    address = state.sender or text("gmail.adding.the-address")
    return Document(
        id="gmail-adding-an-address",
        title=text("gmail.adding.title"),
        blocks=(
            Paragraph(text=text("gmail.adding.why", mailbox=state.mailbox)),
            Heading(text=text("gmail.adding.alias")),
            Points(items=lines("gmail.adding.alias-steps", address=address, mailbox=state.mailbox), numbered=True),
            Link(label=text("gmail.adding.users"), address=USERS, path=USERS_PATH),
            Heading(text=text("gmail.adding.group")),
            Points(items=lines("gmail.adding.group-steps", address=address, mailbox=state.mailbox), numbered=True),
            Link(label=text("gmail.adding.groups"), address=GROUPS, path=GROUPS_PATH),
            Heading(text=text("gmail.adding.domain")),
            Points(items=lines("gmail.adding.domain-steps", address=address, mailbox=state.mailbox)),
            Link(label=text("gmail.adding.send-as"), address=SEND_AS, path=SEND_AS_PATH),
            Link(label=text("gmail.adding.help"), address=HELP),
        ),
    )
