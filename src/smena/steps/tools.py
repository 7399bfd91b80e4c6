"""What steps work with: the host's drivers and the run's own places, wired by `service`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from smena.checks.check import Finding
from smena.plan.life_params import MakeSite, RemoveSite
from smena.plan.params import Asked, Page, ServiceSpec, SiteHeader
from smena.plan.windows_params import SitePath
from smena.restore.ahead import Ahead
from smena.restore.copies import Copies
from smena.restore.point import RestorePoint
from smena.run.step import Context


class ServiceControl(Protocol):
    """The services of one instance, whatever runs them."""

    def running(self, spec: ServiceSpec) -> bool:
        """Measured now."""

    def those_running(self, specs: Sequence[ServiceSpec]) -> list[ServiceSpec]:
        """The same of many, with one question."""

    def start(self, spec: ServiceSpec) -> None:
        """Start it under the hold; one that runs already is left alone."""

    def stop(self, spec: ServiceSpec, *, kill: bool = False) -> None:
        """Stop it; a process that will not stop is named in the error."""

    def identity(self, spec: ServiceSpec) -> str | None:
        """What tells this running of the service from another one; None when it does not run."""

    def last_words(self, spec: ServiceSpec) -> str:
        """The end of what it wrote, for people."""


class Holds(Protocol):
    """What keeps anyone but the run from starting an instance."""

    def hold(self, instance: str, services: Sequence[str], *, coming: bool = False) -> None:
        """`coming`: services that are not there yet are held as well."""

    def release(self, instance: str, services: Sequence[str]) -> None: ...

    def tidy(self, instance: str, services: Sequence[str]) -> None:
        """Once nothing is held any more: take away what was only made for holding."""


class Pages(Protocol):
    """The maintenance page in front of a site."""

    def up(self, page: Page) -> None: ...

    def down(self, page: Page) -> None: ...

    def replaces(self, page: Page) -> Path | None:
        """The file whose content the page will replace, so that the restore point has it too."""

    def head(self, header: SiteHeader, write: Callable[[Path, bytes], None], back: Callable[[], None]) -> None:
        """Put the header into the site's file through `write`; `back` takes it back if the server refuses it."""

    def places(self, site: MakeSite) -> list[Path]:
        """Where a new site's file and its link would lie."""

    def lay(
        self,
        site: MakeSite,
        content: bytes,
        write: Callable[[Path, bytes], None],
        link: Callable[[Path, str], None],
        back: Callable[[], None],
    ) -> None:
        """Put a new site in its place; `back` takes it back if the server refuses it."""

    def take_away(self, site: RemoveSite, away: Callable[[Path], None], back: Callable[[], None]) -> None:
        """Have nobody served by it any more."""

    def back(self, site: MakeSite | RemoveSite, back: Callable[[], None]) -> None:
        """Undo either."""

    def head_back(self, header: SiteHeader, back: Callable[[], None]) -> None:
        """Take it back, and have the server read the file anew."""

    def path(self, where: SitePath) -> str:
        """Where the files of a virtual directory lie, as the server has it."""

    def set_path(self, where: SitePath, path: str) -> None: ...


class Units(Protocol):
    """The files that make services what they are, where those have files."""

    def place(self, unit: str) -> Path:
        """Where the file of a new one belongs."""

    def links(self, unit: str, content: str) -> dict[Path, Path]:
        """The links by which a boot starts it, as its file asks for them."""

    def of(self, unit: str) -> list[Path]:
        """Everything that is its own alone, the file itself last."""

    def leave_to_hold(self, unit: str) -> None:
        """What is empty of it once nothing is held any more goes with the hold."""

    def read_anew(self) -> None:
        """Have it take effect."""


@dataclass(frozen=True)
class Tools:
    """Everything, for one run."""

    home: Path
    folder: Path
    """The run's own folder."""
    instance: str
    product: str
    point: RestorePoint
    copies: Copies
    services: ServiceControl
    holds: Holds
    pages: Pages
    units: Units
    reveal: Callable[[str], str]
    """Puts secrets in the place of their names, at the instant of use."""
    ask: Callable[[Sequence[Asked]], list[Finding]]
    """Asks checks of the instance as it is now."""
    facts: Callable[[], dict[str, str]]
    """The instance's facts, measured now."""

    @property
    def ahead(self) -> Ahead:
        """Copies that go on to a new place; their lists lie beside those of the others."""
        return Ahead(self.point, self.copies.listings)


World = Context[Tools]
