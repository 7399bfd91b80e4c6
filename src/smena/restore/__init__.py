"""Restore points: what undo and rollback need, registered before it is touched, put back in the reverse order."""
