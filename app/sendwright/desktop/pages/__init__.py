"""One page for each kind of screen; none knows a provider."""
