"""The use-cases as plain functions: the only room that wires the others. Every surface calls it and nothing below."""
