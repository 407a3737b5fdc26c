"""The exceptions of the program, drawn as the tree they form.

    SendwrightError
    ├── ResourceMissing         a file that belongs to the program is not there
    ├── TextMissing             a key without words, or words that want a value nobody gave
    ├── WrongUsage              asked for what cannot be done with what is there
    ├── DeploymentInvalid       the deployment file cannot be used
    ├── AddressInvalid          not a mail address, alias or domain; carries a code
    ├── VaultUnavailable        the keychain is absent, locked, or did not keep what was stored
    ├── ProfileUnusable         no sender can be made of a profile (senders.catalogue)
    ├── PasteRefused            what was pasted is no text, or too much; carries a code (problems.pasted)
    ├── Unreadable              what is said to be a message that arrived is none; carries a code (message.arrived)
    ├── FileUnusable            a file that was chosen cannot be read; carries a code (providers.chosen_file)
    ├── StartRefused            the backend cannot start as things are; carries a code (service.refusal)
    ├── CallbackRefused         what came back from a sign-in page is no answer of it; carries a code (oauth.callback)
    └── Failure                 something outside failed; carries Evidence (problems.evidence)
        ├── SendFailed          a mail server refused, or could not be reached (senders.sender)
        ├── HandoffFailed       the notification backend refused, or could not be reached (handoff.client)
        └── OAuthFailed         an authorisation server refused, answered nonsense, or was not reached (oauth.grant)

A field problem of the wizard is no exception of this tree: see screens.Rejected and screens.Halted.
"""


class SendwrightError(Exception):
    """A fault that the program knows by name."""


class ResourceMissing(SendwrightError):
    """A file that belongs to the program is not there."""


class TextMissing(SendwrightError):
    """A text key has no words, or its words want a value that was not given."""


class WrongUsage(SendwrightError):
    """What was asked for cannot be done with what is there; the text says what to do instead."""


class DeploymentInvalid(SendwrightError):
    """The deployment file cannot be used; the text names file, key and reason."""


class AddressInvalid(SendwrightError):
    """What was typed is no usable mail address, alias or domain.

    `code` is kebab-case and names the reason; its words are the text `address.<code>`. What was typed is not
    part of the exception: it may end in a log.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class VaultUnavailable(SendwrightError):
    """The keychain cannot be used.

    `condition` is one of `absent` (no keychain on this computer), `locked` (nobody unlocked it), `refused` (the
    backend in use is none that keeps secrets safely) or `not-kept` (a written value did not read back the same).
    """

    def __init__(self, condition: str) -> None:
        super().__init__(condition)
        self.condition = condition
