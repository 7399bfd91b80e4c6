"""The kinds of keys. Those that smena can read implement the two ports of `keys.exchange.ports`; `kinds` lists all."""
