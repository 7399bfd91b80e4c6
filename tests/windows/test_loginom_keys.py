"""The gate before loginom-server goes from 6 to 7: a token that covers 6 only, the exchange with the vendor, then 7.

The vendor's own keys are Guardant's, which smena cannot read; here the same definition trusts a desk and takes PKCS#11
tokens (SoftHSM in their place), and says what is asked of them as the shipped one does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from smena import products
from support import loginom_packages
from support.loginom_host import ACCEPT, NAME, LoginomHost
from support.sides import Side, trusted, vendor
from support.softhsm import PIN, SoftHsm, made

_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1"]
_UP += [word for name in ACCEPT if name != "licence-not-measured" for word in ("--accept", name)]


@pytest.fixture
def host(prefix: Path, tmp_path: Path, built: Path) -> LoginomHost:
    found = LoginomHost(prefix, tmp_path / "home", built)
    found.install("6.5.0")
    return found


@pytest.fixture
def hsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back afterwards
    return made(tmp_path / "hsm")


@pytest.fixture
def desk(tmp_path: Path) -> Side:
    return vendor(tmp_path / "vendor", "loginom")


@pytest.fixture
def customer(host: LoginomHost, desk: Side, hsm: SoftHsm, tmp_path: Path) -> Side:
    """6.5 is known to smena, the packages lie at hand, and the token is taken into use."""
    realm, block = trusted(desk)
    shipped = (Path(products.__file__).parent / "loginom-server/product.yaml").read_text("utf-8")
    ours = shipped.replace("  kinds: [guardant]\n", f"  kinds: [pkcs11]\n  realm: {realm}\n  trust: {block}\n")
    assert ours != shipped
    (host.home / "products").mkdir(parents=True)
    (host.home / "products/loginom-server.yaml").write_text(ours, "utf-8")
    found = Side(tmp_path / "customer", host.environment | {"SOFTHSM2_CONF": str(hsm.config)})
    found.secret("pin", PIN)
    host.know(loginom_packages.server("6.5.0", host.packages), loginom_packages.server("7.1.0", host.packages))
    token = ("--kind", "pkcs11", "--library", hsm.library, "--pin-file", "pin")
    found("key", "add", "usb", "--product", "loginom-server", *token)
    return found


def test_a_key_for_6_does_not_let_7_in(host: LoginomHost, desk: Side, customer: Side) -> None:
    customer("key", "enrol", "-o", "usb.smena-key")
    key = desk("desk", "enrol", customer.send("usb.smena-key", desk))["key"]
    bought = ("--edition", "enterprise", "--component", "server", "--component", "studio", "--seats", "20")
    exchanged(desk, customer, key, *bought, "--majors", "6")
    before = host.snapshot()

    refused = customer(*_UP, status=3)["error"]
    assert refused["code"] == "checks-failed"
    assert "no key covers 7.1" in refused["why"][0]
    assert "BEGIN SMENA QUESTION" in "".join(refused["why"])
    assert (host.snapshot(), customer("run", "list")["runs"]) == (before, [])
    assert host.server().startswith("Loginom 6.5.0.0")

    exchanged(desk, customer, key, "--majors", "6,7")
    customer(*_UP)
    assert host.server().startswith("Loginom 7.1.0.0\nИван, Мария")


def exchanged(desk: Side, customer: Side, key: str, *wanted: str) -> None:
    desk("desk", "orders", "add", key, *wanted, "--reason", "invoice", "--yes")
    customer("key", "question", "-o", "usb.smena-question")
    desk("desk", "answer", customer.send("usb.smena-question", desk), "-o", "usb.smena-answer", "--yes")
    customer("key", "answer", desk.send("usb.smena-answer", customer), "--yes", "-o", "usb.smena-confirmation")
    customer("key", "confirmation", "--sent")
    desk("desk", "confirm", customer.send("usb.smena-confirmation", desk))
