"""The page for IT, and the commands on it and on the board."""
