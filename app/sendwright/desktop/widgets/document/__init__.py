"""One widget for each kind of block that a document consists of."""
