"""The ways of sending that an administrator can choose."""
