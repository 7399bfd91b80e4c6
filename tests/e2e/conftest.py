"""Hosts for tests through the real command line."""

from support.upgrade_fixtures import host, make_host, stock

__all__ = ["host", "make_host", "stock"]
