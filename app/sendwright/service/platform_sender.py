"""The platform's own way of sending, in force as long as the organisation has none: default-sender.toml."""

from sendwright.address import parse_address
from sendwright.errors import AddressInvalid
from sendwright.profile import SenderProfile, Setting
from sendwright.secret import Secret
from sendwright.service.ground import ActiveSender
from sendwright.service.refusal import StartRefused
from sendwright.service.settings import DataFolder, read_companion, read_platform_sender

VERSION = 0
PROVIDER = "platform"


def open_platform_sender(folder: DataFolder) -> ActiveSender | None:
    """Return the sender of version 0, None without a file. Raises StartRefused `settings-invalid`."""
    found = read_platform_sender(folder)
    if found is None:
        return None
    try:
        parse_address(found.address)
    except AddressInvalid as invalid:
        reason = f"address: {invalid.code}"
        raise StartRefused("settings-invalid", file=str(folder.default_sender), reason=reason) from invalid
    smtp = found.smtp
    settings: dict[str, Setting] = {
        "host": smtp.host,
        "port": smtp.port,
        "security": smtp.security.value,
        "username": smtp.username,
        "ca_pem": None if smtp.ca_file is None else read_companion(folder, smtp.ca_file),
    }
    credentials: dict[str, Secret] = {}
    if smtp.username is not None:
        if smtp.password_file is None:
            reason = "smtp.password_file"
            raise StartRefused("settings-invalid", file=str(folder.default_sender), reason=reason)
        first_line = read_companion(folder, smtp.password_file).partition("\n")[0].rstrip("\r")
        credentials["password"] = Secret(first_line)
    profile = SenderProfile(
        provider=PROVIDER, sender="smtp", address=found.address, alias=found.alias, settings=settings
    )
    return ActiveSender(version=VERSION, profile=profile, credentials=credentials)
