"""A page of words as a value: shown in the window and the terminal, saved as HTML or PDF, sent as a mail."""
