"""The command line: arguments in, words or one JSON object out. It calls `service` and nothing below it."""
