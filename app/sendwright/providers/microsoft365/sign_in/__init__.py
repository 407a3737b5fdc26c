"""Microsoft's own page, wherever it is shown, what comes back from it, and what it allows."""
