"""Names what went wrong, who has to act and what to do next."""
