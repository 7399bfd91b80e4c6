"""The durable record of a run: one SQLite file each, written only by the run's own process."""
