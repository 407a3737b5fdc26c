"""Simulated servers for rehearsal: nothing leaves this computer."""
