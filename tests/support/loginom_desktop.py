"""A stand-in Loginom for one's own computer: its installers, and a host with 6.5, a shortcut and a user's work."""

from __future__ import annotations

from pathlib import Path

from smena.drivers import shell_link
from support.loginom_host import LoginomHost
from support.loginom_packages import built, guid, service, upgrade

NAME = "personal"
USERS = "drive_c/users"
PLACES = (
    "drive_c/Program Files/BaseGroup",
    "drive_c/ProgramData/BaseGroup",
    "drive_c/Program Files/Loginom",
    "drive_c/ProgramData/Loginom",
    USERS,
)


def desktop(version: str, folder: Path, *, fails: bool = False, restarts: bool = False) -> Path:
    """`LoginomPersonal_VERSION.msi`: it takes the old version away and puts its shortcut on the desktop. `restarts`: it
    asks for a restart in the end (3010)."""
    program = service(version, folder)
    above = ("BaseGroup", "Loginom 6") if version.startswith("6.") else ("Loginom",)
    begins = "".join(f'<Directory Id="Above{at}" Name="{one}">' for at, one in enumerate(above))
    name = f"LoginomPersonal_{version}"
    upgrades = "".join(upgrade(guid("desktop", major), f"FOUND{major}", version) for major in ("6", "7"))
    action = '<CustomAction Id="Fail" FileKey="Exe" ExeCommand="fail" Return="check" Execute="deferred"/>'
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
 <Product Id="{guid("desktop", version)}" Name="Loginom Personal {version}" Language="1049" Codepage="1251"
          Version="{version}" Manufacturer="stand-in" UpgradeCode="{guid("desktop", version[0])}">
  <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
  <Media Id="1" Cabinet="desktop.cab" EmbedCab="yes"/>
  {upgrades}
  <Directory Id="TARGETDIR" Name="SourceDir">
   <Directory Id="DesktopFolder"/>
   <Directory Id="ProgramFiles64Folder">{begins}
    <Directory Id="Folder" Name="Personal">
     <Component Id="Program" Guid="{guid(version, "desktop")}" Win64="yes">
      <File Id="Exe" Source="{program.name}" Name="Loginom.exe" KeyPath="yes"/>
      <Shortcut Id="OnDesktop" Directory="DesktopFolder" Name="Loginom Personal" Target="[#Exe]"/>
     </Component>
    </Directory>
   {"</Directory>" * len(above)}</Directory>
  </Directory>
  <Feature Id="Desktop" Level="1"><ComponentRef Id="Program"/></Feature>
  {action if fails else ""}
  <InstallExecuteSequence><RemoveExistingProducts After="InstallInitialize"/>
  {'<Custom Action="Fail" Sequence="6500">NOT REMOVE</Custom>' if fails else ""}
  {'<ScheduleReboot Sequence="6550">NOT REMOVE</ScheduleReboot>' if restarts else ""}</InstallExecuteSequence>
 </Product>
</Wix>
"""
    kind = f"{name}{'-fails' if fails else ''}{'-restarts' if restarts else ''}"
    return built(text, folder / f"{kind}.wxs", folder / kind / f"{name}.msi")


class LoginomDesktop(LoginomHost):
    """6.5 Personal, installed long ago."""

    def install(self, version: str, *, keeps: bool = False) -> None:
        del keeps
        self.msiexec("/i", desktop(version, self.packages))
        self.work = self.prefix / "drive_c/users/Public/Documents/Продажи.lgp"
        self.work.parent.mkdir(parents=True, exist_ok=True)
        self.work.write_bytes(bytes(range(256)))
        data = self.prefix / "drive_c/ProgramData/BaseGroup/Loginom 6/personal"
        data.mkdir(parents=True)
        (data / "GnClient.ini").write_text("[SERVER]\r\nIP_NAME=10.0.0.7\r\n", "utf-8")

    def define(self, *releases: Path, covers: tuple[str, ...] = ("6", "7"), settings: tuple[str, ...] = ()) -> None:
        assert not settings
        for release in releases:
            self.called("release", "add", str(release), "--product", "loginom-desktop")
        self.called("instance", "add", NAME, "--product", "loginom-desktop", "--edition", "personal")
        self.called("key", "add", "usb", "--kind", "guardant", "--product", "loginom-desktop")
        letter = self.packages / "letter.txt"
        letter.write_text("The key covers 6 and 7.", "ascii")
        self.called("key", "letter", str(letter), *(word for major in covers for word in ("--covers", major)))

    def shortcut(self) -> str:
        """Where the one shortcut on the desktop leads."""
        (link,) = (self.prefix / USERS).glob("*/Desktop/*.lnk")
        return shell_link.read(link.read_bytes()).target
