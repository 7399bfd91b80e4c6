"""What each kind of step does and undoes, one kind a file. `table` lists them all."""
