"""Secrets: found by key, by value, by what a line says; shown never."""

from __future__ import annotations

import string

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena.edit.format import Format, Kind
from smena.edit.masks import Masks, Veil
from smena.edit.merge import merge
from smena.edit.show import unified
from smena.errors import BadContent

SECRETS = st.text(string.ascii_letters + string.digits, min_size=8, max_size=16).map(lambda word: f"Zq{word}")

FILES: dict[Kind, str] = {
    "yaml": """
# прежний пароль: OLD
# password = OLD
db:
  name: main
  password: "NOW"
  url: amqp://user:NOW@queue:5672
users:
- {name: ivan, token: OLD}
- name: olga
  apiKey: OLD
key: |
  -----BEGIN RSA PRIVATE KEY-----
  OLD
  -----END RSA PRIVATE KEY-----
licence:
  serial: OLD
port: 80#
""",
    "xml": """<?xml version="1.0"?>
<configuration>
  <!-- <add value="OLD" key="DbPassword"/> -->
  <add key="DbPassword" value="NOW"/>
  <add value="NOW" key="AuthToken"/>
  <connectionStrings><add name="x" connectionString="Server=a;Password=NOW"/></connectionStrings>
  <property name="password"><value>NOW</value></property>
  <property name="other"><value>Server=a;Pwd=OLD</value></property>
  <licence serial="OLD"/>
  <port>80#</port>
</configuration>
""",
    "env": """# DB_PASSWORD=OLD
DB_PASSWORD='OLD'
DB_PASSWORD='NOW'
URL=http://user:NOW@host/
JAVA_OPTS="-Xmx1g -Djavax.net.ssl.keyStorePassword=OLD"
LICENCE=OLD
# LICENCE=OLD
PORT=80#
""",
    "ini": """[db]
password=NOW
; password=OLD
url=NOW
[licence]
serial=OLD
port=80#
""",
    "text": """
proxy_set_header Authorization "Bearer token OLD";
# пароль OLD
auth_secret  =  "OLD";
proxy_pass http://user:OLD@host/;
listen 80#;
""",
}
KEYS = ("licence.serial", "configuration/licence/@serial", "LICENCE")


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_secret_is_ever_shown(kind: Kind, data: st.DataObject) -> None:
    secrets = data.draw(st.lists(SECRETS, min_size=6, max_size=6, unique=True))
    versions = [
        FILES[kind].replace("NOW", secrets[2 * n]).replace("OLD", secrets[2 * n + 1]).replace("80#", f"80{n}")
        for n in range(3)
    ]
    base, ours, new = (version.encode() for version in versions)
    form, masks = Format(kind, "f"), Masks(keys=KEYS)
    shown = [unified(form, one, other, masks=masks) for one in (base, ours, new) for other in (base, ours, new)]
    for known in (base, None):
        answer = merge(form, known, ours, new, masks=masks)
        shown += [str(msgspec.to_builtins([answer.carried, answer.conflicts])), repr(answer)]
    for secret in secrets:
        assert not [text for text in shown if secret in text]
    assert "800" in shown[1]  # what is no secret is shown
    assert "801" in shown[1]


@pytest.mark.parametrize("kind", ["yaml", "xml"])
def test_a_file_that_cannot_be_understood_is_shown_all_the_same(kind: Kind) -> None:
    shown = unified(Format(kind, "f"), b"a: [\npassword: s3cret99\n", b"a: {\npassword: \xff s3cret98\n")
    assert "-a: [" in shown
    assert "+a: {" in shown
    assert "s3cret" not in shown


def test_errors_tell_no_content() -> None:
    for form, data in (
        (Format("yaml", "f"), b"password: 's3cret99\nb: 1\n"),
        (Format("yaml", "f"), b"password: %s3cret99\n"),
        (Format("yaml", "f"), b"password: s3cret99: x\n"),
        (Format("xml", "f"), b"<a password='s3cret99>"),
        (Format("env", "f"), b"PASSWORD='s3cret99\n"),
    ):
        with pytest.raises(BadContent) as caught:
            merge(form, None, data, data)
        assert "s3cret" not in str(caught.value.as_dict())


def test_a_changed_secret_is_seen_as_changed() -> None:
    shown = unified(Format("yaml", "f"), b"a: 1\npassword: one11\n", b"a: 1\npassword: two22\n")
    assert shown == "--- f\n+++ f\n@@ -1,2 +1,2 @@\n a: 1\n-password: ***\n+password: ***\n"


def test_an_attribute_that_names_its_element_is_shown() -> None:
    shown = unified(Format("xml", "f"), b'<a><add key="DbPassword" value="x1"/></a>', b"<a/>")
    assert 'key="DbPassword"' in shown
    assert "x1" not in shown


def test_signs_that_steer_a_terminal_are_written_out() -> None:
    shown = unified(Format("text", "f"), b"a\n", "b\x1b[2J\u202e\n".encode() + b"\xff\n")
    assert "+b\\u001b[2J\\u202e\n+\\udcff\n" in shown


def test_common_words_are_not_taken_for_secrets_elsewhere() -> None:
    veil = Veil(Masks())
    assert veil.text("useTls: false\nname: a\n") == "useTls: false\nname: a\n"


def test_lines_stay_as_many() -> None:
    text = "a\n-----BEGIN PRIVATE KEY-----\nx\ny\n-----END PRIVATE KEY-----\nb\n"
    assert Veil(Masks()).text(text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text", ["password" * 200_000, "password" + " " * 1_000_000, "://a:" * 200_000, "a" * 1_000_000]
)
def test_covering_takes_no_longer_for_odd_lines(text: str) -> None:
    assert len(Veil(Masks()).text(text + "\n<password \n")) > 0
