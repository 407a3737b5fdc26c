"""What went over the wire, noted as it happens, without secrets."""
