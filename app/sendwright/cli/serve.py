"""The words of `sendwright serve`, the notification backend; the backend itself is another face."""

import argparse
from pathlib import Path

from sendwright.texts import text


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `serve`; what its arguments mean is in `service.options.ServeOptions`."""
    parser = commands.add_parser("serve", help=text("service.help.serve"), allow_abbrev=False)
    parser.add_argument("--data", type=Path, metavar="DIR", help=text("service.help.data"))
    parser.add_argument("--database", metavar="URL", help=text("service.help.database"))
    parser.add_argument("--listen", default="127.0.0.1:0", metavar="HOST:PORT", help=text("service.help.listen"))
    parser.add_argument("--certificate", type=Path, metavar="FILE", help=text("service.help.certificate"))
    parser.add_argument("--certificate-key", type=Path, metavar="FILE", help=text("service.help.certificate-key"))
    parser.add_argument("--behind-proxy", action="store_true", help=text("service.help.behind-proxy"))
    parser.add_argument("--key", choices=("file", "keychain"), default="file", help=text("service.help.key"))
