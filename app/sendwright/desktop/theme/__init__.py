"""How the window looks: one token file, light and dark."""
