"""Who the notifications come from: address and alias."""

from msgspec.structs import replace

from sendwright import address as addresses
from sendwright.errors import AddressInvalid
from sendwright.providers import catalogue
from sendwright.providers.provider import Advice
from sendwright.screens import Answer, Field, FieldKind, Form, Notice, Preview, Rejected, Screen
from sendwright.wizard.draft import Draft, Purpose, SenderAnswer
from sendwright.wizard.step import WizardStep
from sendwright.world import Progress, World

ALIAS_LENGTH = 64


class SenderStep(WizardStep):
    """A form with a live preview of the inbox; remarks never block."""

    id = "sender"
    stop = "sender"

    def applies(self, state: Draft) -> bool:
        """Whenever something is to be set up."""
        return state.purpose is Purpose.SET_UP

    def show(self, state: Draft, world: World) -> Screen:
        """Ask for both, proposing what is known already."""
        del world
        address, alias = _proposed(state)
        fields = (
            Field(
                name="alias",
                kind=FieldKind.TEXT,
                label="sender.alias",
                help="sender.alias-help",
                placeholder="sender.alias-placeholder",
                value=alias,
                max_length=ALIAS_LENGTH,
            ),
            Field(
                name="address",
                kind=FieldKind.EMAIL,
                label="sender.address",
                help="sender.address-help",
                placeholder="sender.address-placeholder",
                value=address,
            ),
        )
        return Form(step=self.id, title="sender.title", lead="sender.lead", fields=fields, preview=Preview.INBOX)

    async def accept(self, state: Draft, answer: Answer, world: World, progress: Progress) -> Draft:
        """Take both when both are sound."""
        del world, progress
        wrong: dict[str, str] = {}
        address = alias = ""
        try:
            alias = addresses.check_alias(answer.get("alias", ""))
        except AddressInvalid as invalid:
            wrong["alias"] = f"address.{invalid.code}"
        try:
            address = addresses.parse_address(answer.get("address", "")).text
        except AddressInvalid as invalid:
            wrong["address"] = f"address.{invalid.code}"
        if wrong:
            raise Rejected(wrong)
        return replace(state, sender=SenderAnswer(address=address, alias=alias))

    async def advise(self, state: Draft, answer: Answer, world: World) -> Advice:
        """Remark on look-alike characters, a foreign domain and the like."""
        del world
        try:
            address = addresses.parse_address(answer.get("address", ""))
            alias = addresses.check_alias(answer.get("alias", ""))
        except AddressInvalid:
            return Advice()
        provider = catalogue.by_id(state.provider) if state.provider else None
        signed_in_as = provider.signed_in_as(state.answers) if provider else None
        remarks = provider.remarks(state.answers, address=address.text) if provider else ()
        codes = addresses.warnings(address, alias, signed_in_as=signed_in_as)
        values = {"address": address.text, "domain": address.domain, "account": signed_in_as or ""}
        return Advice(
            notices=(
                *(Notice(key=f"address.warnings.{code}", values=values, field="address") for code in codes),
                *(replace(remark, field="address") for remark in remarks),
            )
        )


def _proposed(state: Draft) -> tuple[str, str]:
    if state.sender is not None:
        return state.sender.address, state.sender.alias
    address = ""
    if state.provider and state.answers is not None:
        provider = catalogue.by_id(state.provider)
        known = provider.profile(state.answers, address="", alias="").address
        address = known or provider.signed_in_as(state.answers) or ""
    alias = state.platform.organisation.name if state.platform else ""
    return address, alias[:ALIAS_LENGTH]
