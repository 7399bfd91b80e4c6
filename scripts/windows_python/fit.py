"""Fit the sources of CPython 3.11 to gcc for Windows, and freeze the modules that it starts with.

Its own way to Windows is Microsoft's compiler. What is changed: the types and names that only that compiler is told
of, the table of built-in modules (all are built in here), and a list of files for `make`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BUILT_IN = [
    *("_ctypes", "_socket", "select", "unicodedata", "pyexpat", "_elementtree", "_queue", "_uuid", "_overlapped"),
    *("_asyncio", "_zoneinfo", "_lzma", "_sqlite3"),
]

BY_COMPILER = ("Modules/posixmodule.c", "Modules/selectmodule.c", "Include/fileobject.h")
"""These ask for the compiler where Windows is meant."""

TYPES = """
#define MS_WIN64
#define PY_SUPPORT_TIER 0
#define PYD_PLATFORM_TAG "win_amd64"
#ifndef NTDDI_VERSION
#define NTDDI_VERSION NTDDI_WIN8
#endif
#ifndef WINVER
#define WINVER 0x0602
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0602
#endif
#define _W64
typedef __int64 Py_ssize_t;
#define PY_SSIZE_T_MAX LLONG_MAX
#define HAVE_PY_SSIZE_T 1
"""


def change(path: Path, old: str, new: str) -> None:
    """Change one place, or stop: another version of the sources has to be looked at by a person."""
    text = path.read_text(encoding="utf-8", errors="surrogateescape")
    if old not in text:
        raise SystemExit(f"{path}: not as expected, {old!r} is missing")
    path.write_text(text.replace(old, new, 1), encoding="utf-8", errors="surrogateescape")


def fit(source: Path) -> None:
    gcc = '#define COMPILER "[gcc]"\n'
    change(source / "PC/pyconfig.h", gcc, gcc + TYPES)
    declared = "".join(f"extern PyObject* PyInit_{name}(void);\n" for name in BUILT_IN)
    entered = "".join(f'{{"{name}", PyInit_{name}}},\n' for name in BUILT_IN)
    change(source / "PC/config.c", "/* -- ADDMODULE MARKER 1 -- */", declared)
    change(source / "PC/config.c", "/* -- ADDMODULE MARKER 2 -- */", entered)
    for name in BY_COMPILER:
        path = source / name
        path.write_text(path.read_text().replace("_MSC_VER", "MS_WINDOWS"))
    change(source / "Modules/timemodule.c", "#if defined(_MSC_VER) ||", "#if defined(MS_WINDOWS) ||")
    sockets = source / "Modules/socketmodule.c"  # names defined as themselves hide mingw's own
    sockets.write_text(re.sub(r"^#define (IPPROTO_\w+) \1.*\n", "", sockets.read_text(), flags=re.M))
    loading = source / "Python/dynload_win.c"  # declared for all elsewhere
    loading.write_text(re.sub(r"static (int\s+_Py_CheckPython3\()", r"\1", loading.read_text()))


def freeze(source: Path) -> None:
    """What Python starts with, as C; the list is the one for Microsoft's compiler."""
    project = (source / "PCbuild/_freeze_module.vcxproj").read_text()
    entry = r'<None Include="([^"]+)">\s*<ModName>([^<]+)</ModName>.*?<OutFile>([^<]+)</OutFile>'
    made = []
    for include, name, out in re.findall(entry, project, re.S):
        header = out.replace("$(PySourcePath)", "").replace("\\", "/")
        run(source, "Programs/_freeze_module.py", name, include.removeprefix("..\\").replace("\\", "/"), header)
        made.append(f"{header}:{name}")
    run(source, "Tools/scripts/deepfreeze.py", *made, "-o", "Python/deepfreeze/deepfreeze.c")
    run(source, "Programs/_freeze_module.py", "getpath", "Modules/getpath.py", "Python/frozen_modules/getpath.h")


def run(source: Path, *args: str) -> None:
    subprocess.run([sys.executable, *args], cwd=source, check=True)


def listed(source: Path) -> None:
    """For `make`: the files of the core, and what the stable library leads to."""
    core = re.findall(r'ClCompile Include="([^"]+)"', (source / "PCbuild/pythoncore.vcxproj").read_text())
    own = [name.replace("..\\", "").replace("\\", "/") for name in core if not name.startswith("$(zlib")]
    (source / "core.mk").write_text("CORE := " + " ".join(own) + "\n")
    stable = re.findall(r"^EXPORT_(FUNC|DATA)\((\w+)\)", (source / "PC/python3dll.c").read_text(), re.M)
    lines = [f"  {name} = python311.{name}{' DATA' if kind == 'DATA' else ''}" for kind, name in stable]
    (source / "python3.def").write_text("\n".join(["LIBRARY python3", "EXPORTS", *lines, ""]))


if __name__ == "__main__":
    place = Path(sys.argv[1])
    fit(place)
    freeze(place)
    listed(place)
