"""Answers of appcmd as public documentation and reports show them: what is read from each."""

from __future__ import annotations

import pytest

from smena.drivers.iis_answers import Trouble, parse, trouble
from smena.drivers.iis_trouble import raised
from smena.errors import IisFailed

SITES = """<?xml version="1.0" encoding="UTF-8"?>
<appcmd>
    <SITE SITE.NAME="Default Web Site" SITE.ID="1" bindings="http/*:80:" state="Started" />
    <SITE SITE.NAME="Портал &quot;А&quot; &amp; Б" SITE.ID="2" bindings="http/*:81:,https/*:444:" state="Stopped" />
</appcmd>
"""
WORKERS = """<?xml version="1.0" encoding="UTF-8"?>
<appcmd>
    <WP WP.NAME="3568" APPPOOL.NAME="DefaultAppPool" />
</appcmd>
"""
POOL = """<?xml version="1.0" encoding="UTF-8"?>
<appcmd>
    <APPPOOL APPPOOL.NAME="A" PipelineMode="Integrated" RuntimeVersion="" state="Started">
        <add name="A" managedRuntimeVersion="" autoStart="false">
            <processModel identityType="SpecificUser" userName="user" />
        </add>
    </APPPOOL>
</appcmd>
"""
NOTHING = '<?xml version="1.0" encoding="UTF-8"?>\r\n<appcmd>\r\n</appcmd>\r\n'


def test_objects_are_read_by_their_attributes() -> None:
    sites = list(parse(SITES).all("SITE"))
    assert [site.attributes["SITE.NAME"] for site in sites] == ["Default Web Site", 'Портал "А" & Б']
    assert [site.attributes["state"] for site in sites] == ["Started", "Stopped"]
    assert next(parse(WORKERS).all("WP")).attributes["WP.NAME"] == "3568"
    assert next(parse(POOL).below("add")).attributes["autoStart"] == "false"
    assert not parse("").inside
    assert not parse(NOTHING).inside
    assert parse("\ufeff" + SITES).inside


@pytest.mark.parametrize(
    ("status", "answer", "wanted"),
    [
        (0, SITES, None),
        (0, '"Default Web Site" successfully stopped\r\n', None),
        (1, "", None),
        (1, NOTHING, None),
        (
            5,
            "ERROR ( hresult:80070005, message:Failed.\r\nAccess is denied.\r\n )\r\n",
            (5, "Failed.\r\nAccess is denied."),
        ),
        (5, "ERROR ( hresult:80070005, message:Ошибка.\nОтказано в доступе.\n )", (5, "Ошибка.\nОтказано в доступе.")),
        (1726, "ERROR ( hresult:800706be, message:Сбой при удаленном вызове процедуры. )", (1726, None)),
        (13, "ERROR ( hresult:8007000d, message:Command execution failed.\nThe data is invalid.\n )", (13, None)),
        (0, "ERROR ( hresult:800700b7, message:x )", (183, "x")),
        (1168, 'ERROR ( message:Cannot find SITE object with identifier "Nope". )', (1168, None)),
        (1168, '<appcmd><ERROR message="Cannot find" /></appcmd>', (1168, "Cannot find")),
        (5, '<appcmd><ERROR hresult="80070005" message="Отказано" /></appcmd>', (5, "Отказано")),
        (1, "ERROR ( hresult:c00cee2b, message:Failed to commit configuration changes.  \n\n )", (0xC00CEE2B, None)),
        (9009, "'appcmd' is not recognized", (9009, None)),
    ],
)
def test_trouble_is_told_by_its_number(status: int, answer: str, wanted: tuple[int, str | None] | None) -> None:
    found = trouble(status, answer)
    assert (found and found.number) == (wanted and wanted[0])
    if found is not None and wanted is not None and wanted[1] is not None:
        assert found.words == wanted[1]


def test_an_answer_that_is_no_xml_is_an_error_with_its_words() -> None:
    with pytest.raises(IisFailed, match="cannot be read"):
        parse("<appcmd><SITE")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (5, "iis-denied"),
        (13, "site-config-broken"),
        (33, "iis-locked"),
        (183, "iis-failed"),
        (1062, "service-failed"),
        (1168, "site-unknown"),
        (1722, "service-failed"),
        (0xC00CEE2B, "iis-failed"),
        (None, "iis-failed"),
    ],
)
def test_each_number_has_its_named_error(number: int | None, code: str) -> None:
    error = raised(Trouble(number, "words\r\nof IIS"), ["start", "site", "/site.name:A", "/xml"])
    assert error.code == code
    assert "words of IIS" in str(error.why[0])
