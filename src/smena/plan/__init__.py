"""The frozen list of steps that will run. Pure: built from values, shown as values, hashed."""
