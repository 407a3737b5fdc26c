"""A service account that acts for a user of the Workspace."""
