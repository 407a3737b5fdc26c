"""The page with the certificate that the organisation uploads to its own registration."""

from sendwright.document.blocks import Command, Document, Paragraph, Points, Row, Table
from sendwright.handoff.wire import Certificate
from sendwright.providers.microsoft365.answers import MicrosoftAnswers
from sendwright.providers.microsoft365.step import PLAN, MicrosoftStep
from sendwright.screens import Answer, Screen, Sheet
from sendwright.senders.graph.settings import Way
from sendwright.texts import lines, text
from sendwright.world import Progress, World


class CertificateStep(MicrosoftStep):
    """Shows the public half; the private key stays with the backend that made it."""

    id = "ms-certificate"
    stop = PLAN

    def applies(self, state: MicrosoftAnswers) -> bool:
        """Where the backend made a certificate for the registration."""
        return state.own and state.way is Way.APPLICATION and not state.secret and state.made is not None

    def show(self, state: MicrosoftAnswers, world: World) -> Screen:
        """Show certificate and thumbprint."""
        del world
        document = certificate_page(state.made)
        return Sheet(
            step=self.id,
            title="microsoft365.certificate.title",
            lead="microsoft365.certificate.lead",
            submit="microsoft365.certificate.submit",
            document=document,
            documents=(document,),
        )

    async def accept(
        self, state: MicrosoftAnswers, answer: Answer, world: World, progress: Progress
    ) -> MicrosoftAnswers:
        """Take the person at her word; the consent shows whether Microsoft knows it."""
        del answer, world, progress
        return state


def certificate_page(made: Certificate | None) -> Document:
    """Return the page with the certificate; an empty one as long as there is none."""
    if made is None:
        return Document(id="microsoft-365-certificate", title=text("microsoft365.certificate.title"))
    facts = (
        (text("microsoft365.certificate.application"), made.client_id),
        (text("microsoft365.certificate.thumbprint"), made.thumbprint),
        (text("microsoft365.certificate.thumbprint-sha256"), made.thumbprint_sha256),
        (text("microsoft365.certificate.until"), f"{made.not_after:%Y-%m-%d}"),
    )
    return Document(
        id="microsoft-365-certificate",
        title=text("microsoft365.certificate.title"),
        blocks=(
            Points(items=lines("microsoft365.certificate.steps"), numbered=True),
            Command(label=text("microsoft365.certificate.pem"), value=made.pem.strip()),
            Table(rows=tuple(Row(cells=cells) for cells in facts), caption=text("microsoft365.certificate.facts")),
            Paragraph(text=text("microsoft365.certificate.private")),
        ),
    )
