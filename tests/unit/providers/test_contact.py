"""The last part of a page for IT says whom to ask."""

import dataclasses

import pytest
from tests.unit.providers.doubles import make_world

from sendwright import texts
from sendwright.deployment import Deployment
from sendwright.deployment.model import Platform
from sendwright.document.blocks import Heading, Link, Paragraph
from sendwright.providers.contact import contact_of


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("area", ["microsoft365.it", "gmail.it"])
def test_it_names_who_asks_and_the_platform(area: str, language: str) -> None:
    platform = Platform(name="Contoso", support_contact="help@contoso.com", help_url="https://contoso.com/help")
    world = dataclasses.replace(make_world(), deployment=Deployment(platform=platform))
    with texts.speaking(language):
        blocks = tuple(contact_of(world, texts=area))
    assert isinstance(blocks[0], Heading)
    words = " ".join(block.text for block in blocks if isinstance(block, Paragraph))
    assert "ada" in words
    assert "Contoso" in words
    assert "help@contoso.com" in words
    assert [block.address for block in blocks if isinstance(block, Link)] == ["https://contoso.com/help"]


@pytest.mark.parametrize("address", ["", "http://contoso.com", "javascript:alert(1)"])
def test_only_a_safe_page_is_linked_and_nothing_is_said_that_nobody_knows(address: str) -> None:
    world = dataclasses.replace(make_world(), deployment=Deployment(platform=Platform(name="X", help_url=address)))
    blocks = tuple(contact_of(world, texts="gmail.it"))
    assert not [block for block in blocks if isinstance(block, Link)]
    assert len(blocks) == 3
