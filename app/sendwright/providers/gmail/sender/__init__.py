"""Which address stands in From, and whether Gmail leaves it there."""
