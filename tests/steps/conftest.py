"""A process that forks for each death, and folders in memory where the machine has such a place."""

from support.fork_fixtures import forks, quick

__all__ = ["forks", "quick"]
