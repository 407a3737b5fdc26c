"""A folder with mail servers that cannot be installed beside Postfix: unpacked, never installed, entered by chroot.

Debian lets a machine have one mail server only, and the OpenSMTPD of Debian 12 fails every TLS handshake with the
OpenSSL of the same release (upstream issues 1171 and 1239). So both come from the release after it, with the libraries
they want, from wherever this machine's apt takes its packages.
"""

import contextlib
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from tests.servers.requirements import give_up, require

RELEASE = "trixie"
SERVERS = ("exim4-daemon-light", "opensmtpd")  # each refuses to be installed beside the other
WANTED = re.compile(r"(?:lib|zlib|exim4-|opensmtpd|openssl-provider).*\.deb")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
PEOPLE = "root:0 nobody:65534 Debian-exim:65534 opensmtpd:65534 opensmtpq:65533"
DEVICES = {"null": os.makedev(1, 3), "urandom": os.makedev(1, 9)}
PATIENCE_S = 90


@contextlib.contextmanager
def small_debian() -> Iterator[Path]:
    """Give a root of its own to chroot to; its files are links to those that are fetched once for this machine."""
    kept = Path(tempfile.gettempdir()) / f"sendwright-servers-{RELEASE}-{os.getuid()}"
    with FileLock(f"{kept}.lock"):
        if not kept.is_dir():
            _fetch(kept)
    root = Path(tempfile.mkdtemp(prefix="sendwright-root-"))
    try:
        shutil.copytree(kept, root, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
        root.chmod(0o755)
        _furnish(root)
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def require_small_debian() -> None:
    """Skip where such a root cannot be made; fail where servers are required."""
    require("apt-get", "dpkg", "chroot", root=True)
    if not Path(KEYRING).exists():
        give_up("this is no Debian: its archive's keys are not here")


def _fetch(kept: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sendwright-apt-") as scratch:
        folder = Path(scratch)
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()  # nothing is installed there, so every library is fetched too
        (folder / "sources.list").write_text(f"deb [signed-by={KEYRING}] {_archive()} {RELEASE} main\n")
        places = {
            "Dir::Etc::SourceList": "sources.list",
            "Dir::State": ".",
            "Dir::State::Lists": "lists",
            "Dir::State::Status": "status",
            "Dir::Cache": "cache",
        }
        options = [f"-o{name}={folder / place}" for name, place in places.items()]
        options += ["-oDir::Etc::SourceParts=-", "-oAPT::Sandbox::User=root", "-oAcquire::Retries=3", "-qq", "-y"]
        _run("apt-get", *options, "update")
        for server in SERVERS:
            _run("apt-get", *options, "--no-install-recommends", "--download-only", "install", server)
        unpacked = folder / "root"
        for place in ("lib", "lib64", "bin", "sbin"):
            (unpacked / "usr" / place).mkdir(parents=True)
            (unpacked / place).symlink_to(f"usr/{place}")
        for package in sorted((folder / "cache/archives").glob("*.deb")):
            if WANTED.fullmatch(package.name):
                _run("dpkg", "-x", str(package), str(unpacked))
        # What a server is configured with must be each root's own: a link would let one write into all.
        for useless in ("etc", "var", "usr/share", "usr/lib/x86_64-linux-gnu/gconv"):
            shutil.rmtree(unpacked / useless, ignore_errors=True)
        shutil.move(unpacked, kept)


def _archive() -> str:
    """Return the address of Debian's archive as this machine is set up to use it."""
    said = subprocess.run(
        ("apt-get", "indextargets", "--format", "$(SITE) $(CODENAME) $(COMPONENT)"),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE_S,
    ).stdout
    for line in said.splitlines():
        site, codename, component = line.rsplit(" ", 2)
        if component == "main" and "-" not in codename and site.rstrip("/").endswith("/debian"):
            return site
    pytest.fail(f"apt knows no archive of Debian:\n{said}", pytrace=False)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}\n{done.stdout}{done.stderr}")


def _furnish(root: Path) -> None:
    """Add what a server wants to find beside its own files."""
    for place in ("etc/ssl/certs", "dev", "tmp", "run", "var/spool", "var/lib/opensmtpd/empty"):
        (root / place).mkdir(parents=True, exist_ok=True)
    (root / "var/run").symlink_to("/run")
    people = [person.split(":") for person in PEOPLE.split()]
    entries = [f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n" for name, number in people]
    (root / "etc/passwd").write_text("".join(entries))
    (root / "etc/group").write_text("".join(f"{name}:x:{number}:\n" for name, number in people))
    (root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    for empty in ("etc/mailname", "etc/aliases"):
        (root / empty).touch()
    shutil.copy(AUTHORITIES, root / "etc/ssl/certs")
    (root / "etc/ssl/cert.pem").symlink_to("certs/ca-certificates.crt")
    for name, device in DEVICES.items():
        os.mknod(root / "dev" / name, 0o666 | stat.S_IFCHR, device)
        (root / "dev" / name).chmod(0o666)
