"""A Windows host whose Loginom 6.5 is served by IIS: Studio as a virtual directory, Integrator in a pool of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from support import loginom_packages, wine
from support.loginom_host import LoginomHost
from support.windows.iis.front import Front
from support.windows.iis.world import IisWorld

LGI, POOL, STUDIO = "Default Web Site/lgi", "LGI_POOL", "Default Web Site/app"
OLD_PROGRAM = "Program Files/BaseGroup/Loginom 6"
OLD_CONFIG, NEW_CONFIG = (
    f"{OLD_PROGRAM}/Integrator/web.config",
    "Program Files/Loginom/Integrator/Integrator.dll.config",
)
MODULE = "Program Files/IIS/Asp.Net Core Module/V2/aspnetcorev2.dll"
_DOTNET = Path(wine.__file__).parent / "windows" / "dotnet.c"


class LoginomBehindIis(LoginomHost):
    """`served`: what Integrator and Studio have answered so far, by anybody's request."""

    features = ("ADDLOCAL=Server,Studio,Help",)

    def __init__(self, root: Path, prefix: Path, packages: Path) -> None:
        super().__init__(prefix, root / "home", packages)
        self.drive = prefix / "drive_c"
        self.world = IisWorld(root, prefix, below_wine=True)
        self.front = Front(self.world.standin, self._answer)
        self.web_port = self.front.port
        self.served: list[str] = []
        self.meanwhile: Callable[[], object] = list
        """What somebody else does at the instant when Integrator 7 answers for the first time."""

    def close(self) -> None:
        self.front.close()
        self.world.close()

    def install(self, version: str, *, keeps: bool = False) -> None:
        """The administrator has set values of their own in the pool and in Integrator's configuration."""
        super().install(version, keeps=keeps)
        bind = f"/+bindings.[protocol='http',bindingInformation='*:{self.web_port}:']"
        self.world.appcmd("set", "site", "/site.name:Default Web Site", bind)
        client = "C:\\" + OLD_PROGRAM.replace("/", "\\") + "\\Client"
        self.world.appcmd("add", "vdir", "/app.name:Default Web Site/", "/path:/app", f"/physicalPath:{client}")
        self.msiexec("/i", loginom_packages.integrator(version, self.packages))
        self.world.appcmd("set", "apppool", f"/apppool.name:{POOL}", "/processModel.identityType:NetworkService")
        config = self.drive / OLD_CONFIG
        own = '<server address="srv.example" port="4580" timeout="600" proxy="none"'
        stock = '<server address="localhost" port="4580" timeout="30"'
        config.write_bytes(config.read_bytes().replace(stock.encode(), own.encode()))

    def software(self) -> None:
        """What Integrator 7 needs."""
        wine.build(_DOTNET, self.packages / "dotnet.exe")
        shutil.copy(self.packages / "dotnet.exe", self.drive / "windows/system32/dotnet.exe")
        module = self.drive / MODULE
        module.parent.mkdir(parents=True)
        shutil.copy(loginom_packages.service("16.0.22335", self.packages), module)

    def iis(self) -> list[str]:
        """What IIS has, with what is at its default spelled out; in no order, because what was made anew comes last."""
        kinds = (("site", "/config:*"), ("apppool", "/config:*"), ("app",), ("vdir",))
        return [line for kind, *more in kinds for line in sorted(self._listed(kind, *more))]

    def _listed(self, kind: str, *more: str) -> list[str]:
        return self.world.appcmd("list", kind, *more, "/xml").splitlines()

    def _answer(self, pool: str, folder: Path) -> bytes:
        if pool != POOL:
            said = f"Studio: {(folder / 'index.html').read_text('utf-8').strip()}"
        else:
            said = _integrator(folder)
            if "Integrator 7" in said and said not in self.served:
                self.meanwhile()
        self.served.append(said)
        return said.encode()


def _integrator(folder: Path) -> str:
    """7 answers where its address was set only."""
    version = (folder / "of.txt").read_text("utf-8")
    if version.startswith("6."):
        return f"<wsdl:definitions/> Integrator {version}"
    config = (folder / "Integrator.dll.config").read_text("utf-8")
    return f"<wsdl:definitions/> Integrator {version}" if 'urlPathPrefix="Service.svc"' in config else "no service"
