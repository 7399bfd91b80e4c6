"""One more build of the stand-in, whose data is the same: its package, its definition; and how much data there is."""

from __future__ import annotations

import tarfile
from pathlib import Path

from smena.demo.standin import packages

OLD, NEW = "5.0.13334.0", "5.0.13400.0"
SIZES = {"1 MB": (1 << 20, 20), "1 GB": (1 << 30, 20_000)}
_PROCEDURE = """  next-build:
    - {verify: {component: platform}}
    - {unpack: {component: platform, to: '${paths.versions}/${to}', strip: 1}}
    - {stop: {}}
    - relink:
        in: ${paths.config}
        to: ${paths.versions}/${to}
        links:
          [bin, compiled, data, favicon.ico, Global.asax, mobile, redirect.aspx, resources, robots.txt, unauthorized]
    - {merge-config: {}}
    - {edit-yaml: {file: '${paths.instance-file}', set: {version: '${to}'}}}
    - {start: {}}
    - {await-http: {url: '${site.probe}', within: 1m}}
"""


def with_next_build(text: str) -> str:
    """A definition of the stand-in with one more build, whose data is the same."""
    text = text.replace(
        "  - {version: '5.0.13334.0', recommended: yes}", f"  - {{version: '{OLD}'}}\n  - {{version: '{NEW}'}}"
    )
    edge = f"  - {{from: '{OLD}', to: '{NEW}', procedure: next-build, data: same, recommended: yes}}\n"
    text = text.replace("upgrades:\n", "upgrades:\n" + edge)
    return text.replace("procedures:\n", "procedures:\n" + _PROCEDURE).replace(", extension: cdbbz", ", hot: copy")


def next_build(base: Path) -> Path:
    """A package: the old build under the new one's name."""
    made = packages.make(base, OLD)
    with tarfile.open(made) as archive:
        archive.extractall(base / "unpacked", filter="data")
    folder = (base / "unpacked" / OLD).rename(base / "unpacked" / NEW)
    release = folder / "data/release.json"
    release.chmod(0o644)
    release.write_text(release.read_text("utf-8").replace(OLD, NEW), "utf-8")
    package = base / f"5.0-release-ru-{NEW}.standin.tar.gz"
    with tarfile.open(package, "w:gz") as archive:
        archive.add(folder, NEW)
    return package
