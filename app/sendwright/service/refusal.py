"""Why the backend does not start, by name."""

from sendwright.errors import SendwrightError
from sendwright.texts import text


class StartRefused(SendwrightError):
    """The backend cannot start as things are; nothing was changed.

    `code` is kebab-case; its words are the text `service.refused.<code>`, filled from `values`.
    """

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def words(self) -> str:
        """The reason and what to do, in the language in use."""
        return text(f"service.refused.{self.code}", **self.values)
