"""The parts put together: in order, from the facts in the folder, and apart again whatever happens."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from tests.unit.service.backend_kit import PROFILE, Clock, IdleWorker, ScriptedDiagnosis, running

from sendwright.address import parse_mailbox
from sendwright.deployment import Deployment, Platform
from sendwright.message import OutgoingMessage
from sendwright.network.network import Network
from sendwright.service.assembly import Outside, assemble
from sendwright.service.ground import Ground
from sendwright.service.refusal import StartRefused
from sendwright.service.schema import upgrade
from sendwright.service.settings import DataFolder
from sendwright.vault.memory import MemoryVault


class FailingWorker(IdleWorker):
    async def start(self) -> None:
        raise StartRefused("settings-invalid", file="queue.toml", reason="x")


async def no_vault() -> MemoryVault:
    raise AssertionError("the keychain is not asked")


def outside(worker: IdleWorker, diagnosis: ScriptedDiagnosis | None = None) -> Outside:
    return Outside(
        environment={},
        vault=no_vault,
        diagnose=diagnosis or ScriptedDiagnosis(),
        worker=lambda _: worker,
        network=cast("Network", None),
        clock=Clock(),
        log=logging.getLogger("sendwright.service"),
    )


async def prepared(path: Path) -> DataFolder:
    folder = DataFolder(path)
    folder.create()
    await upgrade(folder.database_url)
    return folder


async def test_the_worker_stands_on_the_same_ground_as_the_routes(tmp_path: Path) -> None:
    folder, grounds = await prepared(tmp_path), []
    worker = IdleWorker()

    def make(ground: Ground) -> IdleWorker:
        grounds.append(ground)
        return worker

    world = replace(outside(worker), worker=make)
    async with assemble(folder, world, url=folder.database_url, key="file", deployment=Deployment()) as found:
        [ground] = grounds
        assert ground.database is found.services.database
        assert ground.profiles is found.services.profiles
        assert ground.envelope is found.services.envelope
        assert ground.folder == folder
        assert found.services.worker_alive()
        assert worker.life == ["started"]
    assert worker.life == ["started", "stopped"]


async def test_a_worker_that_does_not_start_takes_everything_down_with_it(tmp_path: Path) -> None:
    folder = await prepared(tmp_path)
    world = outside(FailingWorker())
    with pytest.raises(StartRefused):
        async with assemble(folder, world, url=folder.database_url, key="file", deployment=Deployment()):
            pytest.fail("it was assembled")
    async with running(tmp_path) as backend:  # nothing holds the database any more
        assert not backend.assembly.is_new


async def test_whatever_happens_inside_the_worker_is_stopped(tmp_path: Path) -> None:
    folder, worker = await prepared(tmp_path), IdleWorker()
    with pytest.raises(ZeroDivisionError):
        async with assemble(folder, outside(worker), url=folder.database_url, key="file", deployment=Deployment()):
            raise ZeroDivisionError
    assert worker.life == ["started", "stopped"]


async def test_every_run_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        async with running(tmp_path, enrolled=False) as backend:
            names.add(backend.assembly.services.instance)
    assert len(names) == 3


async def test_the_deployment_says_what_the_platform_sends_from(tmp_path: Path) -> None:
    folder = await prepared(tmp_path)
    mailbox = parse_mailbox("Contoso Care <care@contoso.com>")
    deployment = Deployment(platform=Platform(name="Contoso Care", default_sender=mailbox))
    async with assemble(
        folder, outside(IdleWorker()), url=folder.database_url, key="file", deployment=deployment
    ) as found:
        shown = found.services.default_sender
        assert (shown.address, shown.alias) == ("care@contoso.com", "Contoso Care")
        assert await found.services.profiles.in_force() is None  # a promise is no server


async def test_the_backends_own_test_message_says_who_asked_and_how_it_went(tmp_path: Path) -> None:
    composed: list[OutgoingMessage] = []
    (tmp_path / "organisation.toml").write_text('name = "Contoso"\n')
    async with running(tmp_path) as backend:
        version = await backend.wizard.stage(PROFILE)
        trials = backend.assembly.services.trials
        compose = trials._compose

        def watch(*arguments: object) -> OutgoingMessage:
            composed.append(compose(*arguments))  # type: ignore[arg-type]
            return composed[-1]

        trials._compose = watch
        await backend.wizard.test(version, to="ann@example.com")
        await backend.wizard.test(version, to="ann@example.com")
    first, second = composed
    assert (first.sender_address, first.alias, first.recipient) == (
        "notifications@example.org",
        "Example",
        "ann@example.com",
    )
    assert "Contoso" in first.text + first.html
    assert "smtp.example.org" in first.text
    assert "the notification backend" in first.text
    assert first.message_id != second.message_id
