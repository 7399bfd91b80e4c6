"""What is so on this host right now: a file for each kind of fact. Each says whether it may be relied on later."""
