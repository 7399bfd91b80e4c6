"""The file in which conflicts are settled."""

from __future__ import annotations

import pytest

from smena.edit.resolutions import NEW, OURS, Resolution, read_resolutions
from smena.errors import BadContent, BadResolution


def test_each_form_of_decision() -> None:
    text = """
    main.yml:
      db.workDir: ours
      port: "new"
      fqdn: {value: portal.example.org}
      empty: {value: }
    /etc/nginx/conf.d/site.conf:
      lines 3-4:
        value: |
          listen 80;
          gzip on;
      after line 7: ours
    Ignite.config:
      'beans/bean[id=ignite.cfg]/@class': new
    """
    assert read_resolutions(text.encode(), "r.yml") == {
        "main.yml": {
            "db.workDir": OURS,
            "port": NEW,
            "fqdn": Resolution("value", "portal.example.org"),
            "empty": Resolution("value", ""),
        },
        "/etc/nginx/conf.d/site.conf": {
            "lines 3-4": Resolution("value", "listen 80;\ngzip on;\n"),
            "after line 7": OURS,
        },
        "Ignite.config": {"beans/bean[id=ignite.cfg]/@class": NEW},
    }


def test_all_mistakes_at_once_and_no_value_told() -> None:
    text = (
        b"a.yml:\n  one: theirs\n  two: {value: [1]}\n  three: {value: s3cret, side: ours}\n  four: ours\nb.yml: new\n"
    )
    with pytest.raises(BadResolution) as caught:
        read_resolutions(text, "r.yml")
    told = [str(why) for why in caught.value.why]
    assert [line.partition(":")[0] for line in told] == ["line 2", "line 3", "line 4", "line 6"]
    assert "s3cret" not in "".join(told)
    assert "theirs" not in "".join(told)
    assert caught.value.exit == 3
    assert "{value: …}" in str(caught.value.hint)


def test_no_decisions_are_no_mistake() -> None:
    assert read_resolutions(b"# nothing yet\n", "r.yml") == {}


@pytest.mark.parametrize("text", [b"- a\n", b"a: [\n", b"\xff", b"a.yml: {x: ours, x: new}\n"])
def test_what_is_no_such_file_is_refused(text: bytes) -> None:
    with pytest.raises(BadContent):
        read_resolutions(text, "r.yml")


def test_a_decision_never_shows_its_value() -> None:
    assert "s3cret" not in repr(Resolution("value", "s3cret"))
