"""Which deployments of products this host has, and what each of them is just now: registered, found, measured."""
