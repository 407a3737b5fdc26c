"""Finds out which ways out a network allows, and says what a firewall team has to open."""
