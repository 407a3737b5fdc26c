"""Commands of Exchange Online PowerShell: written with values quoted safely, and their output read."""
