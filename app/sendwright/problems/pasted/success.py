"""Tells whether a line says that something went well."""

import re

_REPLY = re.compile(
    r"[^0-9A-Za-z]{0,8}(?:[A-Za-z]{1,6}[:>] ?|SERVER -> CLIENT: )?(?:2[0-5][0-9]|334|354)(?:$|[ -](?P<words>.{0,200}))"
)
_WORDS = re.compile(
    r"2\.[0-9]\.[0-9]|\bok\b|accepted|queued|ready|e?smtp\b|closing|\bbye\b|authentication suc|auth(?:entication)? ok|"
    r"start mail|end data|go ahead|hello|pleased|pipelining|^size\b|8bitmime|starttls|enhancedstatuscodes|^help\b|"
    r"^dsn\b|chunking|smtputf8|^auth[ =]|sender|recipient|completed|^vrfy|^etrn|^expn|^turn|binarymime|^limits|"
    r"^xclient|mail|^requiretls|^deliverby|^[a-z0-9+/=]{4,120}$|^[a-z0-9-]{1,63}\.[a-z0-9]",
    re.IGNORECASE,
)
_PHRASES = (
    "status=sent", "stat=sent", "action: delivered", "action: relayed", "action: expanded", "delivered to mailbox",
    ": success:", "message accepted for delivery", "queued as ", "queued mail for delivery",
    "to sign in, use a web browser to open the page https://",
    "authentication successful", "verify return code: 0 (ok)", "tls connection established", "connection succeeded",
)  # fmt: skip
_EXIM_DELIVERY = re.compile(r"[0-9A-Za-z]{6,12}-[0-9A-Za-z]{6,12}-[0-9A-Za-z]{2,5} (?:=>|->|Completed)")
_CHECKED = 500


def went_well(line: str) -> bool:
    """Tell whether `line` is an answer or a record of success; words that only resemble one are none."""
    seen = line[:_CHECKED]
    reply = _REPLY.match(seen)
    if reply is not None and (not reply["words"] or _WORDS.search(reply["words"])):
        return True
    low = seen.casefold()
    return any(phrase in low for phrase in _PHRASES) or _EXIM_DELIVERY.search(seen) is not None
