"""One technology a file. What several technologies can do alike stands as a protocol in `ports`."""
