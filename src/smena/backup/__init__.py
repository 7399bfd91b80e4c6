"""Backups: archives that survive the host. So far the one that a run makes and reads back."""
