"""Linux beneath the ports."""
