"""How messages travel: one binary form, and three carriers for it (typed, QR, file)."""
