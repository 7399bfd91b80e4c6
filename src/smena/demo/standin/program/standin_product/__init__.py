"""The stand-in product: what the three services of an instance run.

This folder is copied into every package as it is. It imports nothing but the standard
library, and of that only what starts quickly (no pathlib, typing or dataclasses: each
costs what the whole start of a service may): downtime is measured with these programs.
"""
