"""What smena shows itself with: products that are not the vendors' own, but behave like them."""
