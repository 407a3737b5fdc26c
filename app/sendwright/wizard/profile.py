"""The sender profile that a draft amounts to."""

from sendwright.profile import SenderProfile
from sendwright.providers import catalogue
from sendwright.wizard.draft import Draft


def profile_of(draft: Draft) -> SenderProfile:
    """Return the profile; only to be called once provider and sender are answered."""
    if draft.provider is None or draft.sender is None:
        raise ValueError("the draft is not complete")
    provider = catalogue.by_id(draft.provider)
    return provider.profile(draft.answers, address=draft.sender.address, alias=draft.sender.alias)
