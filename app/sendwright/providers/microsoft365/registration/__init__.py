"""An app registration of the organisation's own: told how, asked for, checked."""
