"""smena: upgrades on-premises products and their licence keys, and always finds back."""

__version__ = "0.1.0"
