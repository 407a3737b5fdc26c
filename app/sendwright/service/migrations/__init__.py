"""How the database grew: one file per step, run in order at the start of the backend."""
