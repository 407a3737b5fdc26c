"""Gmail and Google Workspace as a way of sending."""
