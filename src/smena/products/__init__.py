"""The built-in definitions: data only, one folder a product."""
