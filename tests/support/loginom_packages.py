"""Installers of a stand-in Loginom: real MSI packages with real services, built by wixl from what stands here.

6.x and 7.x use the same names of services, as the real ones may. A package of 7 comes in two kinds: one removes 6 as
it is installed, the other leaves it.
"""

from __future__ import annotations

import functools
import subprocess
import uuid
from pathlib import Path

from support import wine

_SOURCES = Path(__file__).parent / "windows"
_SPACE = uuid.UUID("6f1d5b0e-7a43-4d0e-9d5e-2b7f7f1c0a11")


def guid(*words: str) -> str:
    return str(uuid.uuid5(_SPACE, "/".join(words))).upper()


@functools.cache
def service(version: str, folder: Path) -> Path:
    """The service's program, which says this version of itself."""
    numbers = [*version.split("."), "0", "0", "0"][:4]
    made = folder / f"service-{version}.exe"
    resource = folder / f"version-{version}.o"
    command = [wine.RESOURCES, f"-DVERSION={','.join(numbers)}", str(_SOURCES / "version.rc"), "-o", str(resource)]
    subprocess.run(command, check=True)
    return wine.build(_SOURCES / "service.c", made, str(resource), "-lws2_32", "-lversion")


def server(version: str, folder: Path, *, removes_6: bool = False, fails: bool = False, keeps: bool = False) -> Path:
    """`LoginomEnterprise_VERSION.msi`; `fails`: it ends with 1603 after its files are laid; `keeps`: a next version
    of the same major leaves its settings, and so does it with those that it finds."""
    old = version.startswith("6.")
    name = f"LoginomEnterprise_{version}"
    program = service(version, folder)
    pages = folder / f"pages-{version}"
    pages.mkdir(exist_ok=True)
    (pages / "index.html").write_text(f"client of {version}\n", "utf-8")
    (pages / "server.json").write_text('{"host": "localhost"}\n', "utf-8")
    (pages / "Settings.cfg").write_text(_settings(version), "utf-8")
    vendor = '<Directory Id="VENDOR" Name="BaseGroup">' if old else ""
    product = "Loginom 6" if old else "Loginom"
    end = "</Directory>" if old else ""
    removed = "uninstall" if old else "both"  # Windows makes the service the new one, Wine leaves it
    upgrades = [(guid("server", "6"), "old")] if old or removes_6 else []
    upgrades += [] if old else [(guid("server", "7"), "new")]
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
 <Product Id="{guid("server", version)}" Name="Loginom Server {version}" Language="1049" Codepage="1251"
          Version="{version}" Manufacturer="stand-in" UpgradeCode="{guid("server", version[0])}">
  <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
  <Media Id="1" Cabinet="server.cab" EmbedCab="yes"/>
  {"".join(upgrade(code, f"FOUND{word.upper()}", version) for code, word in upgrades)}
  <Property Id="SERVER_PORT" Value="4580"/>
  <Property Id="WEBSRV_PORT" Value="80">{_SEARCHED.format(version[0]) if keeps else ""}</Property>
  <Directory Id="TARGETDIR" Name="SourceDir">
   <Directory Id="ProgramFiles64Folder">{vendor}
    <Directory Id="INSTALLDIR" Name="{product}">
     <Directory Id="ServerFolder" Name="Server">
      <Component Id="ServerProgram" Guid="{guid(version, "server")}" Win64="yes">
       <File Id="ServerExe" Source="{program.name}" Name="loginom.exe" KeyPath="yes"/>
       <ServiceInstall Id="ServerService" Name="loginom" DisplayName="Loginom Server" Type="ownProcess"
                       Start="auto" ErrorControl="normal"/>
       <ServiceControl Id="ServerControl" Name="loginom" Stop="both" Remove="{removed}" Wait="yes"/>
      </Component>
     </Directory>
     <Directory Id="ApacheFolder" Name="Apache">
      <Component Id="WebProgram" Guid="{guid(version, "web")}" Win64="yes">
       <File Id="WebExe" Source="{program.name}" Name="httpd.exe" KeyPath="yes"/>
       <ServiceInstall Id="WebService" Name="httpd_loginom" DisplayName="Loginom Web" Type="ownProcess"
                       Start="auto" ErrorControl="normal"/>
       <ServiceControl Id="WebControl" Name="httpd_loginom" Stop="both" Remove="{removed}" Wait="yes"/>
       <RegistryValue Root="HKLM" Key="SOFTWARE\\BaseGroup\\Loginom {version[0]}" Name="WebPort" Type="string"
                      Value="[WEBSRV_PORT]"/>
      </Component>
     </Directory>
     <Directory Id="ClientFolder" Name="Client">
      <Component Id="Client" Guid="{guid(version, "client")}" Win64="yes">
       <File Id="Index" Source="{pages.name}/index.html" Name="index.html" KeyPath="yes"/>
      </Component>
      <Component Id="ClientAddress" Guid="{guid(version, "address")}" Win64="yes">
       <File Id="Address" Source="{pages.name}/server.json" Name="server.json" KeyPath="yes"/>
      </Component>
     </Directory>
    </Directory>{end}
   </Directory>
   <Directory Id="CommonAppDataFolder">{vendor.replace("VENDOR", "DATAVENDOR")}
    <Directory Id="DATADIR" Name="{product}">
     <Directory Id="ServerData" Name="Server">
      <Component Id="Settings" Guid="{guid(version, "settings")}" Win64="yes">
       <File Id="SettingsFile" Source="{pages.name}/Settings.cfg" Name="Settings.cfg" KeyPath="yes"/>
      </Component>
     </Directory>
    </Directory>{end}
   </Directory>
  </Directory>
  <Feature Id="Server" Level="1"><ComponentRef Id="ServerProgram"/><ComponentRef Id="Settings"/></Feature>
  <Feature Id="Studio" Level="1"><ComponentRef Id="Client"/><ComponentRef Id="ClientAddress"/></Feature>
  <Feature Id="Help" Level="1"/>
  <Feature Id="Webserver" Level="1"><ComponentRef Id="WebProgram"/></Feature>
  {_failing() if fails else ""}
  <InstallExecuteSequence>{'<RemoveExistingProducts After="InstallInitialize"/>' if upgrades else ""}
  {'<Custom Action="Fail" Sequence="6500">NOT REMOVE</Custom>' if fails else ""}</InstallExecuteSequence>
 </Product>
</Wix>
"""
    kind = f"{name}{'-fails' if fails else ''}{'-removes' if removes_6 else ''}{'-keeps' if keeps else ''}"
    made = built(text, folder / f"{kind}.wxs", folder / kind / f"{name}.msi")
    if keeps:
        command = f"UPDATE `Component` SET `Attributes` = {_KEPT} WHERE `Component` = 'Settings'"
        subprocess.run(["msibuild", str(made), "-q", command], check=True)
    return made


_SEARCHED = (
    '<RegistrySearch Id="WebPort" Root="HKLM" Key="SOFTWARE\\BaseGroup\\Loginom {}" Name="WebPort"'
    ' Type="raw" Win64="yes"/>'
)
_KEPT = 256 + 128 + 16
"""64 bits, never overwritten, never taken away."""


def integrator(version: str, folder: Path, *, removes_6: bool = False) -> Path:
    """`LoginomIntegrator_VERSION.msi`, which sets its application up in IIS, and takes it away with itself."""
    old = version.startswith("6.")
    name = f"LoginomIntegrator_{version}"
    program = folder / "lgi.exe"
    if not program.exists():
        wine.build(_SOURCES / "lgi.c", program)
    pages = folder / f"integrator-{version}"
    pages.mkdir(exist_ok=True)
    config = "web.config" if old else "Integrator.dll.config"
    (pages / "of.txt").write_text(version, "utf-8")
    (pages / config).write_text(_INTEGRATOR.format(new="" if old else ' compression="yes"'), "utf-8")
    above = ("BaseGroup", "Loginom 6") if old else ("Loginom",)
    begins = "".join(f'<Directory Id="Above{at}" Name="{one}">' for at, one in enumerate(above))
    upgrades = [guid("integrator", word) for word in ("6", "7") if word == version[0] or removes_6]
    words = "&quot;[IIS_WEBSITENAME]&quot; &quot;[IIS_APPNAME]&quot; &quot;[IIS_POOLNAME]&quot;"
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
 <Product Id="{guid("integrator", version)}" Name="Loginom Integrator {version}" Language="1049" Codepage="1251"
          Version="{version}" Manufacturer="stand-in" UpgradeCode="{guid("integrator", version[0])}">
  <Package InstallerVersion="200" Compressed="yes" InstallScope="perMachine"/>
  <Media Id="1" Cabinet="integrator.cab" EmbedCab="yes"/>
  {"".join(upgrade(code, f"FOUND{at}", version) for at, code in enumerate(upgrades))}
  <Property Id="IIS_WEBSITENAME" Value="Default Web Site"/>
  <Property Id="IIS_APPNAME" Value="lgi"/>
  <Property Id="IIS_POOLNAME" Value="LGI_POOL"/>
  <Directory Id="TARGETDIR" Name="SourceDir">
   <Directory Id="ProgramFiles64Folder">{begins}
    <Directory Id="IntegratorFolder" Name="Integrator">
     <Component Id="Program" Guid="{guid(version, "lgi")}" Win64="yes">
      <File Id="LgiExe" Source="lgi.exe" Name="lgi.exe" KeyPath="yes"/>
     </Component>
     <Component Id="OfVersion" Guid="{guid(version, "of")}" Win64="yes">
      <File Id="OfFile" Source="{pages.name}/of.txt" Name="of.txt" KeyPath="yes"/>
     </Component>
     <Component Id="Config" Guid="{guid(version, "config")}" Win64="yes">
      <File Id="ConfigFile" Source="{pages.name}/{config}" Name="{config}" KeyPath="yes"/>
     </Component>
    </Directory>
   {"</Directory>" * len(above)}</Directory>
  </Directory>
  <Feature Id="Integrator" Level="1"><ComponentRef Id="Program"/><ComponentRef Id="OfVersion"/><ComponentRef
   Id="Config"/></Feature>
  <CustomAction Id="SetUp" FileKey="LgiExe" ExeCommand="install {words}" Return="check" Execute="deferred"/>
  <CustomAction Id="TakeAway" FileKey="LgiExe" ExeCommand="remove {words}" Return="ignore" Execute="deferred"/>
  <InstallExecuteSequence><RemoveExistingProducts After="InstallInitialize"/>
   <Custom Action="TakeAway" Before="RemoveFiles">REMOVE</Custom>
   <Custom Action="SetUp" After="InstallFiles">NOT REMOVE</Custom></InstallExecuteSequence>
 </Product>
</Wix>
"""
    kind = f"{name}{'-removes' if removes_6 else ''}"
    return built(text, folder / f"{kind}.wxs", folder / kind / f"{name}.msi")


_INTEGRATOR = """<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <loginom{new}>
    <server address="localhost" port="4580" timeout="30" />
  </loginom>
</configuration>
"""


def upgrade(code: str, found: str, version: str) -> str:
    return (
        f'<Upgrade Id="{code}"><UpgradeVersion Minimum="0.0.0" IncludeMinimum="yes" Maximum="{version}"'
        f' IncludeMaximum="no" Property="{found}" OnlyDetect="no"/></Upgrade>'
    )


def _failing() -> str:
    return '<CustomAction Id="Fail" FileKey="ServerExe" ExeCommand="fail" Return="check" Execute="deferred"/>'


def _settings(version: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\r\n'
        f"<!-- Settings of {version} -->\r\n"
        "<Settings>\r\n"
        '  <Bindings Bind="127.0.0.1" Port="4580" WSPort="8080" WSSPort="8443" SSLCertificateFile="" />\r\n'
        '  <Directories UserStorage="" SessionBackup="" />\r\n'
        f'  <Own Version="{version}" />\r\n'
        "</Settings>\r\n"
    )


def built(text: str, source: Path, to: Path) -> Path:
    """What a package is made of is named relative to its description."""
    to.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, "utf-8")
    command = ["wixl", "--arch", "x64", "-o", str(to), source.name]
    subprocess.run(command, check=True, cwd=source.parent)
    return to
