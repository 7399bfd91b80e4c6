"""Values are read from the product's own files: as they stand there, or not at all, with the reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.scalars import Encoding, PathTemplate, Regex, Template
from smena.definition.values import Read
from smena.errors import BadContent, FileFailed, NotOnThisPlatform, PathUnfit, ValueUnknown
from smena.host.paths import decode, encode
from smena.instances.values import Reader

Value = Callable[..., str]


@pytest.fixture
def value(tmp_path: Path) -> Value:
    """Read a value of a file with this content; names that may be looked up are given as `lookups`."""

    def read(
        kind: Any,
        content: bytes | str | None,
        key: str | None = None,
        *,
        name: str = "file",
        pattern: str | None = None,
        default: str | None = None,
        lookups: dict[str, str] | None = None,
        **more: Any,
    ) -> str:
        if content is not None:
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        wanted = Read(
            read=kind,
            of=PathTemplate(f"{encode(tmp_path)}/{encode(name)}"),
            key=key,
            pattern=None if pattern is None else Regex(pattern),
            default=None if default is None else Template(default),
            **more,
        )
        return Reader().value(wanted, lookups or {})

    return read


def reason(error: pytest.ExceptionInfo[ValueUnknown]) -> str:
    return " ".join(map(str, error.value.why))


@pytest.mark.parametrize(
    ("kind", "content", "key", "expected"),
    [
        ("yaml", "db:\n  workDir: /a/б # c\n", "db.workDir", "/a/б"),
        ("yaml", "db.workDir: '/a b'\n", "db.workDir", "/a b"),
        ("yaml", "version: 4.20\n", "version", "4.20"),
        ("yaml", "on: off\n", "on", "off"),
        ("yaml", "\ufeffport: 80\r\n", "port", "80"),
        ("xml", '<Settings><Bindings Port="4580"/></Settings>', "Settings/Bindings/@Port", "4580"),
        ("xml", "<a><b> x </b></a>", "a/b", "x"),
        ("xml", '<c><add key="Port" value="1"/></c>', "c/add[key=Port]/@value", "1"),
        ("env", "# c\nexport JAVA_OPTS='-Xmx2g -Xms1g'\n", "JAVA_OPTS", "-Xmx2g -Xms1g"),
        ("ini", "[web]\nport = 80\n", "web.port", "80"),
        ("text", "5.0.13334.0\n", None, "5.0.13334.0"),
    ],
)
def test_values_of_each_kind(value: Value, kind: str, content: str, key: str | None, expected: str) -> None:
    assert value(kind, content, key) == expected


def test_encoding_is_that_of_the_definition(value: Value) -> None:
    content = "FOLDER=D:Данные\n".encode("cp1251")
    assert value("env", content, "FOLDER", encoding=Encoding("cp1251")) == "D:Данные"
    assert value("text", content, pattern="=(.*)", encoding=Encoding("cp1251")) == "D:Данные"


def test_a_key_is_found_under_its_former_name(value: Value) -> None:
    content = "databasePath: /old\n"
    assert value("yaml", content, "db.workDir", formerly=("database", "databasePath")) == "/old"
    assert value("yaml", "db.workDir: /new\n" + content, "db.workDir", formerly=("databasePath",)) == "/new"


@pytest.mark.parametrize(
    "content", ["other: 1\n", "key:\n", "key: ~\n", "key: ''\n", "key:\n  deeper: 1\n", "", "# c\n"]
)
def test_a_key_without_a_value_has_its_default(value: Value, content: str) -> None:
    assert value("yaml", content, "key", default="${name}/x", lookups={"name": "main"}) == "main/x"
    with pytest.raises(ValueUnknown) as error:
        value("yaml", content, "key")
    assert "key" in reason(error)


def test_a_missing_file_has_its_default(value: Value, tmp_path: Path) -> None:
    assert value("yaml", None, "key", default="80") == "80"
    with pytest.raises(ValueUnknown) as error:
        value("yaml", None, "key")
    assert f"{tmp_path}/file is not there" in reason(error)
    (tmp_path / "file").write_bytes(b"")
    assert value("text", None, name="file/below", default="80") == "80"


@pytest.mark.parametrize(
    ("kind", "content"),
    [("yaml", "a: [\n"), ("yaml", b"\xff\xfe\x00"), ("yaml", "a: &x 1\nb: *x\n"), ("xml", "<a>"), ("env", "no pair\n")],
)
def test_a_file_that_cannot_be_understood_is_an_error_and_no_default_takes_its_place(
    value: Value, kind: str, content: bytes | str
) -> None:
    with pytest.raises(BadContent, match="file"):
        value(kind, content, "a", default="80", pattern="never")


def test_what_is_no_file_is_not_waited_for(value: Value, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PathUnfit, match="pipe"):
        value("text", None, name="pipe", default="x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileFailed, match="folder"):
        value("text", None, name="folder", default="x")


def test_files_beyond_all_measure_are_refused(value: Value) -> None:
    with pytest.raises(BadContent, match="file"):
        value("text", b"x" * (4 * 1024 * 1024 + 1), default="x")


def test_of_a_pattern_the_first_group_counts(value: Value) -> None:
    content = "version: platform-5.0.1+x\n"
    assert value("yaml", content, "version", pattern=r"-([0-9.]+)") == "5.0.1"
    assert value("yaml", content, "version", pattern=r"[0-9.]+") == "5.0.1"
    assert value("yaml", content, "version", pattern="nothing", default="?") == "?"
    with pytest.raises(ValueUnknown) as error:
        value("yaml", content, "version", pattern="nothing")
    assert "platform" not in reason(error), "a file's words are not shown: they may be secret"


def test_a_relative_path_counts_from_its_folder(value: Value) -> None:
    relative = {"relative_to": PathTemplate("${paths.data}"), "lookups": {"paths.data": "/srv/data"}}
    assert value("yaml", "a: Users/x\n", "a", **relative) == "/srv/data/Users/x"
    assert value("yaml", "a: /other\n", "a", **relative) == "/other"


def test_the_target_of_a_link(value: Value, tmp_path: Path) -> None:
    (tmp_path / ".versions/4.2/bin").mkdir(parents=True)
    (tmp_path / "bin").symlink_to(".versions/4.2/bin")
    assert value("link-target", None, name="bin", pattern=r"\.versions/([^/]+)/") == "4.2"
    assert value("link-target", None, name="bin") == ".versions/4.2/bin"
    with pytest.raises(ValueUnknown) as error:
        value("link-target", None, name="bin", pattern="never")
    assert ".versions/4.2/bin" in reason(error)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "is not there"),
        (lambda path: path.mkdir(), "is not a link"),
        (lambda path: path.symlink_to("gone/4.2"), "leads to gone/4.2, which is not there"),
        (lambda path: path.symlink_to(path), "which is not there"),
    ],
)
def test_a_link_that_tells_nothing(value: Value, tmp_path: Path, make: Callable[[Path], None], words: str) -> None:
    make(tmp_path / "bin")
    with pytest.raises(ValueUnknown) as error:
        value("link-target", None, name="bin", pattern="([0-9.]+)")
    assert words in reason(error)


@pytest.mark.parametrize("kind", ["registry", "installed"])
def test_what_only_windows_has_is_refused_elsewhere(value: Value, kind: str) -> None:
    with pytest.raises(NotOnThisPlatform, match=kind):
        value(kind, None, default="x")


def test_a_value_cannot_pose_as_a_secret(value: Value) -> None:
    with pytest.raises(ValueUnknown):
        value("yaml", "a: 'x${secret:db}'\n", "a")
    assert value("yaml", "a: '${basedir}/logs'\n", "a") == "${basedir}/logs"


def test_names_of_no_text_are_read_and_come_back(value: Value, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xfffile")
    assert value("env", b"A=\xfe\n", "A", name=name) == "␛dcfe"
    (tmp_path / "link").symlink_to(name)
    assert decode(value("link-target", None, name="link")) == name


def test_an_unknown_name_is_a_reason_not_a_crash(value: Value) -> None:
    with pytest.raises(ValueUnknown) as error:
        value("yaml", None, "a", default="${nobody}")
    assert "nobody" in reason(error)
    with pytest.raises(ValueUnknown):
        Reader().value(Read(read="text", of=PathTemplate("/a\0b")), {})


@given(st.sampled_from(["yaml", "xml", "env", "ini", "text"]), st.binary(max_size=200))
def test_no_content_is_a_crash(tmp_path: Path, kind: Any, content: bytes) -> None:
    (tmp_path / "any").write_bytes(content)
    try:
        found = Reader().value(Read(read=kind, of=PathTemplate(f"{tmp_path}/any"), key="a"), {})
    except (ValueUnknown, BadContent):
        return
    assert found.encode("utf-8")


def test_a_file_is_read_once_for_all_its_values(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a: 1\nb: 1\n", "utf-8")
    reader = Reader()
    assert reader.value(Read(read="yaml", of=PathTemplate(str(file)), key="a"), {}) == "1"
    file.write_text("a: 2\nb: 2\n", "utf-8")
    assert reader.value(Read(read="yaml", of=PathTemplate(str(file)), key="b"), {}) == "1"
