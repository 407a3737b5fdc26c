"""The process of the notification backend: starts in order, serves, and ends without losing anything."""

import asyncio
import os
import sqlite3
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from sendwright.deployment import Deployment
from sendwright.diagnosis.catalogue import diagnose
from sendwright.handoff.backend import BackendAddress
from sendwright.handoff.connection_code import ConnectionCode, format_connection_code
from sendwright.handoff.runtime_file import (
    RunningBackend,
    read_runtime_file,
    remove_runtime_file,
    write_runtime_file,
)
from sendwright.network.failures import TrustFailed
from sendwright.network.network import Network
from sendwright.network.system import system_network
from sendwright.service.assembly import Assembly, Outside, assemble
from sendwright.service.connections import allow_many_files
from sendwright.service.database import open_database
from sendwright.service.enrolment import issue_code
from sendwright.service.envelope import EnvelopeBroken
from sendwright.service.folder_lock import FolderLock, database_lock
from sendwright.service.log import start_log
from sendwright.service.options import CodeOptions, ServeOptions
from sendwright.service.refusal import StartRefused
from sendwright.service.schema import check_url, require_current, upgrade
from sendwright.service.server import FINISH_WITHIN_S, Stop, bind, serve_requests
from sendwright.service.settings import DataFolder, read_authorities
from sendwright.service.trouble import storage_trouble
from sendwright.service.worker import create_worker
from sendwright.texts import text
from sendwright.vault.choose import open_vault

FINE, PROBLEM = 0, 1


def serve(arguments: Namespace, deployment: Deployment) -> int:
    """Run the backend until it is told to stop; return the exit code. arguments: those of `cli.serve`."""
    return _carry_out(lambda: _serve(ServeOptions.of(arguments), deployment))


def issue_connection_code(arguments: Namespace, deployment: Deployment) -> int:
    """Write a fresh connection code to standard output; return the exit code.

    arguments: those of `cli.connection_code`.
    """
    del deployment
    return _carry_out(lambda: _issue(CodeOptions.of(arguments)))


def _carry_out(work: Callable[[], Coroutine[Any, Any, None]]) -> int:
    os.umask(0o077)  # whatever is written is for this user alone
    try:
        asyncio.run(work())
    except StartRefused as refused:
        _say(sys.stderr.write, refused.words)
        return PROBLEM
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        trouble = storage_trouble(error)
        if trouble is None:
            raise
        _say(sys.stderr.write, text(f"service.trouble.{trouble.code}"))
        return PROBLEM
    except EnvelopeBroken:
        _say(sys.stderr.write, text("service.trouble.backend-storage-damaged"))
        return PROBLEM
    return FINE


async def _serve(options: ServeOptions, deployment: Deployment) -> None:
    allow_many_files()
    stop = Stop()
    stop.listen_to_signals()
    folder = DataFolder(options.data)
    folder.create()
    log = start_log(sys.stderr)
    url = options.database or folder.database_url
    check_url(url)
    with FolderLock(folder), database_lock(folder, url):
        await upgrade(url)
        listener, address = bind(options)
        outside = Outside(
            environment=os.environ,
            vault=open_vault,
            diagnose=diagnose,
            worker=create_worker,
            network=_network(folder),
            clock=_now,
            log=log,
        )
        assembling = assemble(folder, outside, url=url, key=options.key, deployment=deployment)
        with listener:
            async with assembling as assembly:
                try:
                    await serve_requests(
                        assembly.application,
                        assembly.services,
                        options=options,
                        listener=listener,
                        stop=stop,
                        ready=lambda: _announce(assembly, folder, address),
                    )
                    await assembly.services.trials.close(within_s=FINISH_WITHIN_S)
                finally:
                    remove_runtime_file(folder.path, instance=assembly.services.instance)
        log.info("stopped")


def _network(folder: DataFolder) -> Network:
    try:
        return system_network(authorities_pem=read_authorities(folder))
    except TrustFailed as failed:
        reason = failed.evidence.text
        raise StartRefused("settings-invalid", file=str(folder.authorities), reason=reason) from failed


def _announce(assembly: Assembly, folder: DataFolder, address: str) -> None:
    running = RunningBackend(url=address, pid=os.getpid(), instance=assembly.services.instance, started_at=_now())
    write_runtime_file(folder.path, running)
    assembly.services.log.info("listening", extra={"url": address})
    _say(sys.stdout.write, text("service.listening", url=address))
    if assembly.is_new:
        _say(sys.stdout.write, text("service.how-to-connect", data=str(folder.path)))


async def _issue(options: CodeOptions) -> None:
    folder = DataFolder(options.data)
    url = options.database or folder.database_url
    check_url(url)
    async with _address(options, folder, url=url) as address:
        database = open_database(url)
        try:
            valid = timedelta(minutes=options.valid_minutes)
            secret = await issue_code(database, valid=valid, now=_now(), passing=options.passing)
        finally:
            await database.close()
    try:
        code = format_connection_code(ConnectionCode(address, secret))
    except ValueError as error:
        raise StartRefused("url-unsafe", url=address.url) from error
    _say(sys.stdout.write, code.reveal())


@asynccontextmanager
async def _address(options: CodeOptions, folder: DataFolder, *, url: str) -> AsyncIterator[BackendAddress]:
    """Say where wizards reach the backend: as told, else where it listens now, which it must do then."""
    ca_pem = None
    if options.ca is not None:
        try:
            ca_pem = options.ca.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            reason = type(error).__name__
            raise StartRefused("settings-invalid", file=str(options.ca), reason=reason) from error
    running = read_runtime_file(folder.path)
    if FolderLock.is_held(folder):
        reached = options.url or (running.url if running else None)
        if reached is None:
            raise StartRefused("backend-starting")
        await require_current(url)
        yield BackendAddress(url=reached, ca_pem=ca_pem)
        return
    if options.url is None:
        raise StartRefused("backend-not-running", data=str(folder.path))
    folder.create()
    with FolderLock(folder), database_lock(folder, url):
        await upgrade(url)
        yield BackendAddress(url=options.url, ca_pem=ca_pem)


def _say(write: Callable[[str], object], words: str) -> None:
    write(f"{words}\n")
    sys.stdout.flush()


def _now() -> datetime:
    return datetime.now(UTC)
