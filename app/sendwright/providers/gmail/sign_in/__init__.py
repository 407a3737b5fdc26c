"""The sign-in in the person's own browser, and what it yields."""
