"""How long reading a definition takes, against nothing but PyYAML's C composer over the same bytes.

"first" is the very first reading in the process, which makes the decoders; "load" the best of
several. The last column is the head, as a list of products reads it. A file of 60 KB is asked to
take at most 60 ms. Built-in definitions, and one made of their steps until it has the size. No
test: the numbers depend on the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter

import yaml

from smena.definition.head import head
from smena.definition.load import examine, load
from smena.intake.folder import built_in

ROUNDS = 7
TARGET_MS = 60.0
TARGET_SIZE = 60 * 1024
SIZES = (TARGET_SIZE, 500 * 1024)


def generated(size: int) -> bytes:
    """A definition of about `size` bytes: a chain of releases with edges, blocks, risks and procedures."""
    parts: dict[str, list[str]] = {"releases": [], "upgrades": [], "blocked": [], "risks": [], "procedures": []}
    number = 0
    while sum(len(line.encode()) for lines in parts.values() for line in lines) < size:
        for section, text in _link(number).items():
            parts[section].append(text)
        number += 1
    parts["releases"].append(f"  - {{version: '1.{number}'}}\n")
    head = (
        "schema: 1\nproduct: generated\ntitle: {en: Generated, ru: Сгенерировано}\n"
        "instance:\n  settings: {port: {type: port, default: '80'}}\n  linux:\n"
        "    paths: {versions: /opt/versions, config: '/srv/${name}', database: '/var/lib/${name}'}\n"
        "    services: [{name: server, unit: 'server-${name}'}]\n"
    )
    return (head + "".join(f"{section}:\n{''.join(lines)}" for section, lines in parts.items())).encode()


def _link(number: int) -> dict[str, str]:
    """One release, and the way on from it."""
    here, there = f"1.{number}", f"1.{number + 1}"
    title = f"{{en: Release {here}, ru: Версия {here}}}"
    return {
        "releases": f"  - {{version: '{here}', builds: '{here}.*', title: {title}}}\n",
        "upgrades": f"  - {{from: '{here}', to: '{there}', procedure: go-{number}, risks: [risk-{number}]}}\n",
        "blocked": f"  - from: '{here}'\n    to: '2.*'\n    name: far-{number}\n"
        "    why: {en: Too far to go in one step., ru: Слишком далеко для одного перехода.}\n",
        "risks": f"  risk-{number}:\n    why: {{en: Adjust the applications., ru: Доработайте приложения.}}\n"
        "    when: {platform: linux}\n",
        "procedures": f"  go-{number}:\n    - stop:\n"
        "    - relink: {in: '${paths.config}', to: '${paths.versions}/${to}', links: [bin, data]}\n"
        "    - start: {changes: [database]}\n"
        "    - await-log: {files: '/var/log/${name}/*.log', last-line: 'Upgrade completed', never: [error]}\n",
    }


def best(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The milliseconds of the quickest round."""
    times = []
    for _round in range(rounds):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times) * 1000


def measured(name: str, data: bytes) -> float:
    """One line of the table; the milliseconds of a reading."""
    first = best(lambda: load(data, name), 1)
    loading = best(lambda: load(data, name))
    composing = best(lambda: yaml.compose(data, Loader=yaml.CSafeLoader))
    looking = best(lambda: examine(data, name), 3)
    heading = best(lambda: head(data))
    print(
        f"{name:<22} {len(data) / 1024:>7.1f} {composing:>11.1f} {first:>9.1f} {loading:>9.1f} "
        f"{loading / composing:>7.1f} {looking:>9.1f} {heading:>9.2f}"
    )
    return loading


def main() -> int:
    titles = ("file", "KB", "compose ms", "first ms", "load ms", "ratio", "check ms", "head ms")
    print("{:<22} {:>7} {:>11} {:>9} {:>9} {:>7} {:>9} {:>9}".format(*titles))
    for path in built_in():
        measured(path.parent.name, path.read_bytes())
    found = {size: measured(f"generated {size // 1024} KB", generated(size)) for size in SIZES}
    print(f"\n60 KB: {found[TARGET_SIZE]:.1f} ms (target <= {TARGET_MS:g})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
