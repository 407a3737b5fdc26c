"""Simulated servers for rehearsal: nothing leaves this computer, nothing is kept."""
