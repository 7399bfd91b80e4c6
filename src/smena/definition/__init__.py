"""What a vendor says about a product, as data. Pure: no files, no clock, no network."""
