"""What providers that sign a person in have in common: waiting for a browser, keeping a grant, asking somebody else."""
