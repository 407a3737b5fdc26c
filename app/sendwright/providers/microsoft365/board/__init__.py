"""Which mailbox shall send, and who may send as whom: proven by real messages."""
