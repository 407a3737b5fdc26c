"""The OAuth client that asks: the platform's, or one of the organisation's own: told how, asked for, checked."""
