"""Names what may go wrong with a sender that is valid all the same."""

from sendwright.address.parse import Address


def warnings(
    address: Address, alias: str, *, signed_in_as: str | None, default_domain: str | None = None
) -> tuple[str, ...]:
    """Return the codes of what deserves a second look, the most serious first; none of them forbids anything.

    signed_in_as: the account of the connection, when it is an address. default_domain: the organisation's own
    domain, when known. The words are the text `address.warnings.<code>`, filled with `warning_values`.
    """
    raise NotImplementedError
