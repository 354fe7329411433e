"""What the Web Connector takes and refuses of a .qwc file (protocol.md B)."""

from pathlib import Path

import pytest
from by_hand.service import FILE_ID, OWNER_ID, URL, Service, reply
from by_hand.service import qwc as file
from lxml import etree

from qbemulator import qwc
from qbemulator.qwc import Qwc, Refused
from qbemulator.transport import Reply, Unreachable, WsgiTransport
from qbemulator.web_connector import check_addresses


def refusal(content: bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as raised:
        qwc.read(content)
    return raised.value.code, raised.value.reason


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "centerpoint.qwc"
    path.write_bytes(file(AuthFlags="0xF", Style="Document"))

    assert qwc.read(path) == Qwc(
        app_name="Centerpoint",
        app_id="",
        app_url=URL,
        app_support="https://centerpoint.example.com/support",
        user_name="lakeside",
        owner_id=OWNER_ID,
        file_id=FILE_ID,
        auth_flags=15,
        run_every_seconds=900,
    )


def test_the_order_of_elements_is_free() -> None:
    root = etree.fromstring(file())
    root[:] = list(reversed(root))

    assert root[0].tag == "Scheduler"
    assert qwc.read(etree.tostring(root)) == qwc.read(file())


@pytest.mark.parametrize(
    "name",
    ["AppName", "AppID", "AppURL", "AppDescription", "AppSupport", "UserName", "OwnerID", "FileID", "QBType"],
)
def test_a_required_element_must_be_there(name: str) -> None:
    assert refusal(file(**{name: None})) == ("QBWC1039", f"{name} is missing.")


@pytest.mark.parametrize("name", ["AppName", "AppURL", "UserName", "OwnerID", "QBType"])
def test_a_required_element_must_not_be_empty_but_for_the_app_id(name: str) -> None:
    assert refusal(file(**{name: ""}))[0] == "QBWC1039"
    assert qwc.read(file(AppID="")).app_id == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"AppSupport": "https://www.example.com/support"}, "QBWC1000"),
        ({"AppURL": "https://203.0.113.9/qb"}, "QBWC1001"),
        ({"AppURL": "http://127.0.0.1/qb"}, "QBWC1001"),
        ({"AppURL": "https://[2001:db8::1]/qb"}, "QBWC1001"),
        ({"AppSupport": "https://203.0.113.9/support"}, "QBWC1002"),
        ({"AppURL": "http://centerpoint.example.com/qb"}, "QBWC1010"),
        ({"AppURL": "centerpoint.example.com/qb"}, "QBWC1000"),
        ({"AppURL": "https://[centerpoint/qb"}, "QBWC1039"),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_its_number(changes: dict[str, str], code: str) -> None:
    assert refusal(file(**changes))[0] == code


def test_localhost_may_do_without_tls() -> None:
    local = file(AppURL="http://localhost:8000/qb", AppSupport="http://localhost:8000/support")

    assert qwc.read(local).app_url == "http://localhost:8000/qb"


@pytest.mark.parametrize("name", ["OwnerID", "FileID"])
@pytest.mark.parametrize(
    "guid",
    [
        "57F3B9B6-86F1-4FCC-B1FF-966DE1813D20",
        "{57F3B9B686F14FCCB1FF966DE1813D20}",
        "{G7F3B9B6-86F1-4FCC-B1FF-966DE1813D20}",
    ],
)
def test_a_guid_stands_in_braces_and_holds_hexadecimal_digits(name: str, guid: str) -> None:
    assert refusal(file(**{name: guid})) == ("QBWC1039", f"{name} {guid!r} is no GUID in braces.")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QBType", "QBO"),
        ("Style", "document"),
        ("PersonalDataPref", "none"),
        ("UnattendedModePref", "yes"),
        ("IsReadOnly", "no"),
        ("Notify", "1"),
    ],
)
def test_a_choice_is_one_of_its_words(name: str, value: str) -> None:
    code, reason = refusal(file(**{name: value}))

    assert (code, reason.split(";")[0]) == ("QBWC1039", f"{name} is {value!r}")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (file(AppColour="red"), "AppColour is no element of a .qwc file."),
        (file().replace(b"</QBType>", b"</QBType><QBType>QBFS</QBType>"), "QBType is given twice."),
        (file().replace(b"QBWCXML", b"QWCXML"), "The root element is QWCXML, not QBWCXML."),
    ],
)
def test_an_element_that_does_not_belong_is_refused(content: bytes, reason: str) -> None:
    assert refusal(content) == ("QBWC1039", reason)


def test_a_file_that_is_no_xml_is_refused() -> None:
    code, reason = refusal(b"AppName=Centerpoint")

    assert (code, reason.split(":")[0]) == ("QBWC1039", "The file is no well-formed XML")


@pytest.mark.parametrize(
    ("scheduler", "seconds"),
    [
        ("<RunEveryNMinutes>15</RunEveryNMinutes>", 900),
        ("<RunEveryNSeconds>20</RunEveryNSeconds>", 20),
        ("<RunEveryNSeconds>20</RunEveryNSeconds><RunEveryNMinutes>15</RunEveryNMinutes>", 20),
    ],
)
def test_the_first_setting_of_the_scheduler_counts(scheduler: str, seconds: int) -> None:
    assert qwc.read(file(Scheduler=scheduler)).run_every_seconds == seconds


@pytest.mark.parametrize("scheduler", ["", "<RunEveryNMinutes>soon</RunEveryNMinutes>", "<Daily>1</Daily>"])
def test_a_scheduler_without_a_number_is_refused(scheduler: str) -> None:
    assert refusal(file(Scheduler=scheduler))[0] == "QBWC1039"


def test_auth_flags_are_hexadecimal() -> None:
    assert qwc.read(file(AuthFlags="0x8")).auth_flags == 8
    assert refusal(file(AuthFlags="all"))[0] == "QBWC1034"


@pytest.mark.parametrize(
    ("auth_flags", "product", "is_allowed"),
    [
        ("0x0", "QuickBooks Pro 2012", True),
        ("0xF", "QuickBooks Enterprise Solutions: Contractor 23.0", True),
        ("0x8", "QuickBooks Enterprise Solutions: Professional Services 23.0", True),
        ("0x2", "QuickBooks Enterprise Solutions: Professional Services 23.0", False),
        ("0x4", "QuickBooks: Premier Manufacturing and Wholesale Edition 2012", True),
        ("0x6", "QuickBooks Enterprise Solutions: Contractor 23.0", False),
    ],
)
def test_auth_flags_say_which_editions_may_be_used(auth_flags: str, product: str, is_allowed: bool) -> None:
    assert qwc.read(file(AuthFlags=auth_flags)).allows(product) is is_allowed


# -- the addresses, when the application is added ------------------------------------------------------------------


def test_both_addresses_are_asked_for() -> None:
    service = Service()

    check_addresses(qwc.read(file()), WsgiTransport(service))

    assert service.gets == ["/support", "/quickbooks/webconnector"]


def test_the_certificate_may_be_checked_elsewhere() -> None:
    service = Service()

    check_addresses(qwc.read(file(CertURL="https://centerpoint.example.com/cert")), WsgiTransport(service))

    assert service.gets == ["/support", "/cert"]


class Answers:
    """One status for AppSupport, another for AppURL; None is no answer."""

    def __init__(self, support: int | None, url: int | None) -> None:
        self.statuses = {"https://centerpoint.example.com/support": support, URL: url}

    def get(self, url: str) -> Reply:
        status = self.statuses[url]
        if status is None:
            raise Unreachable("nobody there")
        return reply(b"", status=status)

    def post(self, url: str, headers: object, body: bytes) -> Reply:
        raise AssertionError("an import posts nothing")


@pytest.mark.parametrize(
    ("support", "url", "code"),
    [
        (404, 200, "QBWC1003"),
        (None, 200, "QBWC1003"),
        (302, 200, "QBWC1003"),
        (200, 401, "QBWC1048"),
        (200, 202, "QBWC1048"),
        (200, None, "QBWC1048"),
    ],
)
def test_an_address_that_does_not_answer_is_refused(support: int | None, url: int | None, code: str) -> None:
    with pytest.raises(Refused) as raised:
        check_addresses(qwc.read(file()), Answers(support, url))

    assert raised.value.code == code


def test_support_may_answer_that_it_accepts() -> None:
    check_addresses(qwc.read(file()), Answers(202, 200))
