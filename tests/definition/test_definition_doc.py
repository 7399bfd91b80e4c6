"""docs/definition.md says what the classes say: each field in its section, none that is gone, and a true example."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from smena.definition import checks, forms, model, steps, values
from smena.definition.decode import fields_of
from smena.definition.head import KEYS
from smena.definition.load import examine
from smena.definition.parse import DEPTH, SIZE
from smena.definition.read import REGEX_LENGTH
from smena.definition.templates import names_for

TEXT = (Path(__file__).parent.parent.parent / "docs" / "definition.md").read_text(encoding="utf-8")

Table = dict[str, bool]
"""Fields, and whether they must be there."""


def sections() -> dict[str, str]:
    """The text below each heading; those of checks are told apart by the heading above."""
    found: dict[str, str] = {}
    group = ""
    for level, title, text in re.findall(r"^(##+) (.+)\n((?:(?!##).*\n)*)", TEXT, re.MULTILINE):
        group = title if level == "##" else group
        found[title if level == "##" else f"{group}/{title}"] = text
    return found


def tables(text: str) -> list[Table]:
    return [
        {name: must.strip() == "yes" for name, must in re.findall(r"^\| `([^`]+)` \| (yes )?\|", rows, re.MULTILINE)}
        for rows in text.split("| field | must | what |")[1:]
    ]


def expected(cls: type[msgspec.Struct]) -> Table:
    return {field.encode_name: field.required for field in fields_of(cls)}


MODEL = {
    f"Definition/{cls.__name__}": cls
    for cls in vars(model).values()
    if isinstance(cls, type) and issubclass(cls, model.Base) and cls not in (model.Base, model.Definition)
}
SECTIONS: dict[str, type[msgspec.Struct]] = {
    "Definition": model.Definition,
    "Rules of writing/Values that are read": values.Read,
    "Rules of writing/Sentences": values.Localized,
    **MODEL,
    **{f"Steps/`{kind}`": cls for kind, cls in steps.KINDS.items()},
    **{f"Checks: before/`{kind}`": cls for kind, cls in checks.BEFORE.items()},
    **{f"Checks: after/`{kind}`": cls for kind, cls in checks.AFTER.items()},
}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_field_stands_in_its_section_and_no_other(section: str) -> None:
    known = sections()
    assert section in known, f"docs/definition.md has no section {section}"
    found = tables(known[section])
    wanted = [expected(SECTIONS[section])] if expected(SECTIONS[section]) else []
    if section == "Steps/`edit-xml`":
        wanted.append(expected(steps.XmlEdit))
    assert found == wanted


def test_no_section_describes_what_is_gone() -> None:
    described = {title for title, text in sections().items() if tables(text)}
    assert described <= set(SECTIONS)


def test_every_class_of_the_format_is_described() -> None:
    assert {cls.__name__ for cls in MODEL.values()} >= {"Edge", "Site", "PackageFile", "Keys"}
    assert len(SECTIONS) == 3 + len(MODEL) + len(steps.KINDS) + len(checks.BEFORE) + len(checks.AFTER)


def test_conditions_are_described() -> None:
    text = sections()["Rules of writing/Conditions"]
    for name in (*forms.CONDITIONS, *(f"{group}NAME" for group in forms.CONDITION_GROUPS)):
        assert f"`{name}`" in text


def test_limits_and_first_fields_are_described() -> None:
    text = sections()["Rules of writing"]
    assert f"at most {SIZE // 2**20} MB and {DEPTH} levels" in text
    assert all(f"`{name}`" in text for name in KEYS)
    assert f"at most {REGEX_LENGTH} characters" in sections()["Rules of writing/Kinds of values"]


def test_every_finding_is_described_and_no_other() -> None:
    """The names stand in the code as `name="…"` of a finding, or as a trouble of the graph."""
    folder = Path(model.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in [folder / "check.py", *folder.glob("l*.py")])
    code += (folder / "references.py").read_text(encoding="utf-8")
    named = set(re.findall(r'\bname="([a-z-]+)"', code))
    troubles = re.search(r"texts = \{(.*?)\n    \}", code, re.DOTALL)
    assert troubles
    named |= {"cycle", *re.findall(r'"([a-z-]+)": _\(', troubles[1])}
    rows = re.findall(r"^\| (`.*?) \|", sections()["Findings"], re.MULTILINE)
    assert {name for row in rows for name in re.findall("`([a-z-]+)`", row)} == named


def test_every_link_leads_somewhere() -> None:
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


def test_the_example_has_neither_mistakes_nor_findings() -> None:
    found = examine(example().encode(), "example.yaml")
    assert [str(mistake.sentence()) for mistake in found.mistakes] == []
    assert [str(finding.text) for finding in found.findings] == []


def test_every_look_up_is_described() -> None:
    """Every name of the example's, except that its parts have names of their own."""
    definition = examine(example().encode(), "example.yaml").definition
    assert definition
    described = re.findall(r"`\$\{([^}]+)\}`", sections()["Rules of writing/Look-ups"])
    for name in names_for(definition, "linux"):
        group = name.partition(".")[0]
        assert name in described or f"{group}.NAME" in described or f"{group}.COMPONENT" in described


def example() -> str:
    found = re.search(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]
