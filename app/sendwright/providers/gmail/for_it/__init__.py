"""The page for whoever looks after Google Workspace."""
