"""What the .NET client makes of odd replies (protocol.md A.3 and J), line by line."""

import gzip
from collections.abc import Mapping

import pytest
from by_hand.service import NAMESPACE, fault, reply, result, soap

from qbemulator.soap import Fault, SoapClient
from qbemulator.transport import CallFailed, Reply

OTHER = "http://developer.intuit.com"  # without the final slash


class Answering:
    """Gives one reply to everything and keeps the headers of what was asked."""

    def __init__(self, answer: Reply) -> None:
        self.answer = answer
        self.headers: list[Mapping[str, str]] = []

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        self.headers.append(headers)
        return self.answer

    def get(self, url: str) -> Reply:
        return self.answer


def client(answer: Reply | bytes) -> SoapClient:
    return SoapClient(
        "https://x.example.com", Answering(reply(answer) if isinstance(answer, bytes) else answer)
    )


def text(answer: Reply | bytes) -> str | None:
    return client(answer).text("sendRequestXML")


def integer(value: str) -> int:
    return client(result("receiveResponseXML", value)).integer("receiveResponseXML")


def array(inside: str) -> list[str | None] | None:
    body = f'<authenticateResponse xmlns="{NAMESPACE}">{inside}</authenticateResponse>'
    return client(soap(body)).array("authenticate")


def refusal(answer: Reply | bytes) -> str:
    with pytest.raises(CallFailed) as raised:
        text(answer)
    return str(raised.value)


def test_text_is_read_as_it_is() -> None:
    assert text(result("sendRequestXML", "<QBXML>\n caf\u00e9 </QBXML>")) == "<QBXML>\n caf\u00e9 </QBXML>"


def test_line_ends_become_line_feeds() -> None:
    assert text(result("sendRequestXML", "a\r\nb\rc")) == "a\nb\nc"


def test_without_a_charset_every_other_byte_becomes_a_question_mark() -> None:
    answer = reply(result("sendRequestXML", "caf\u00e9"), content_type="text/xml")

    assert text(answer) == "caf??"


def test_the_charset_of_the_header_counts_and_not_the_declaration() -> None:
    body = result("sendRequestXML", "caf\u00e9").replace(b'encoding="utf-8"', b'encoding="iso-8859-1"')

    assert text(reply(body)) == "caf\u00e9"


def test_an_unknown_charset_is_an_error() -> None:
    answer = reply(result("sendRequestXML", "x"), content_type="text/xml; charset=klingon")

    assert refusal(answer) == "'klingon' is not a supported encoding name."


def test_a_byte_order_mark_is_taken() -> None:
    assert text(b"\xef\xbb\xbf" + result("sendRequestXML", "x")) == "x"


@pytest.mark.parametrize(
    "body",
    [
        f'<sendRequestXMLResponse xmlns="{OTHER}"><sendRequestXMLResult>x</sendRequestXMLResult></sendRequestXMLResponse>',
        f'<sendRequestXMLResponse xmlns="{NAMESPACE}"><sendRequestXMLResult xmlns="{OTHER}">x</sendRequestXMLResult>'
        "</sendRequestXMLResponse>",
        f'<sendRequestXMLResponse xmlns="{NAMESPACE}" />',
        f'<sendRequestXMLResponse xmlns="{NAMESPACE}"><sendRequestXMLResult xsi:nil="true" /></sendRequestXMLResponse>',
    ],
    ids=["wrapper without the slash", "result without the slash", "no result", "nil"],
)
def test_a_result_that_is_elsewhere_or_nil_is_null_without_an_error(body: str) -> None:
    assert text(soap(body)) is None


def test_an_empty_result_is_an_empty_text() -> None:
    body = f'<sendRequestXMLResponse xmlns="{NAMESPACE}"><sendRequestXMLResult/></sendRequestXMLResponse>'

    assert text(soap(body)) == ""


def test_elements_where_text_is_due_are_an_error() -> None:
    """qbXML that was not escaped."""
    body = (
        f'<sendRequestXMLResponse xmlns="{NAMESPACE}"><sendRequestXMLResult><QBXML/></sendRequestXMLResult>'
        "</sendRequestXMLResponse>"
    )

    assert refusal(soap(body)) == "sendRequestXMLResult holds elements where text is expected."


def test_unknown_elements_and_other_prefixes_do_no_harm() -> None:
    body = (
        f'<q:sendRequestXMLResponse xmlns:q="{NAMESPACE}"><q:more>1</q:more><!-- a remark -->'
        "<q:sendRequestXMLResult>x</q:sendRequestXMLResult></q:sendRequestXMLResponse>"
    )

    assert text(soap(body)) == "x"


def test_an_array_keeps_its_empty_items() -> None:
    assert array("<authenticateResult><string>T</string><string/></authenticateResult>") == ["T", ""]


def test_a_nil_item_is_null() -> None:
    inside = '<authenticateResult><string>T</string><string xsi:nil="true"/></authenticateResult>'

    assert array(inside) == ["T", None]


def test_items_of_another_namespace_are_lost() -> None:
    other = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
    inside = f'<authenticateResult><a:string xmlns:a="{other}">T</a:string></authenticateResult>'

    assert array(inside) == []


def test_white_space_in_an_item_is_kept_and_between_items_is_not() -> None:
    inside = "<authenticateResult>\n  <string>T</string>\n  <string> </string>\n</authenticateResult>"

    assert array(inside) == ["T", " "]


def test_an_array_without_a_result_is_null() -> None:
    assert array("") is None


@pytest.mark.parametrize(
    ("written", "read"), [("100", 100), (" 42\n", 42), ("-1", -1), ("+7", 7), ("2147483647", 2147483647)]
)
def test_an_int_is_read(written: str, read: int) -> None:
    assert integer(written) == read


@pytest.mark.parametrize("written", ["", " ", "33.0", "1e2", "fifty", "2147483648", "-2147483649", "\u0663"])
def test_anything_but_an_int_is_an_error(written: str) -> None:
    with pytest.raises(CallFailed, match="is no valid Int32"):
        integer(written)


def test_a_nil_int_is_an_error() -> None:
    body = (
        f'<receiveResponseXMLResponse xmlns="{NAMESPACE}"><receiveResponseXMLResult xsi:nil="true"/>'
        "</receiveResponseXMLResponse>"
    )

    with pytest.raises(CallFailed, match="is no valid Int32"):
        client(soap(body)).integer("receiveResponseXML")


def test_a_missing_int_is_nought_without_an_error() -> None:
    """So that the client would ask for ever."""
    body = soap(f'<receiveResponseXMLResponse xmlns="{NAMESPACE}"/>')

    assert client(body).integer("receiveResponseXML") == 0


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_fault_is_an_error_with_its_text(status: int) -> None:
    answer = Reply(status=status, headers=fault("").headers, body=fault("Kaboom").body)

    with pytest.raises(Fault) as raised:
        text(answer)
    assert str(raised.value) == "Kaboom"


def test_a_500_of_html_is_refused_as_a_content_type() -> None:
    answer = reply(b"<html>Server Error</html>", status=500, content_type="text/html")

    assert refusal(answer) == (
        "Client found response content type of 'text/html', but expected 'text/xml'. "
        "The request failed with the error message: b'<html>Server Error</html>'"
    )


def test_html_with_200_is_refused_as_a_content_type() -> None:
    answer = reply(result("sendRequestXML", "x"), content_type="text/html; charset=utf-8")

    assert refusal(answer).startswith("Client found response content type of 'text/html; charset=utf-8'")


@pytest.mark.parametrize("status", [200, 204, 500])
def test_no_body_is_an_empty_response(status: int) -> None:
    assert refusal(reply(b"", status=status)) == "The request failed with an empty response."


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 404, 503])
def test_any_other_status_is_an_error_even_with_a_good_body(status: int) -> None:
    """Redirects among them: they are not followed."""
    answer = reply(result("sendRequestXML", "x"), status=status)

    assert refusal(answer) == f"The request failed with HTTP status {status}."


def test_a_compressed_reply_is_not_well_formed() -> None:
    body = gzip.compress(result("sendRequestXML", "x"))
    answer = Reply(
        status=200,
        headers={"content-type": "text/xml; charset=utf-8", "content-encoding": "gzip"},
        body=body,
    )

    assert refusal(answer) == "Response is not well-formed XML: it is compressed."


@pytest.mark.parametrize(
    "body",
    [
        b"\n" + result("sendRequestXML", "x"),
        b"Warning: undefined index" + result("sendRequestXML", "x"),
        result("sendRequestXML", "\x07"),
        result("sendRequestXML", "x")[:-3],
        result("sendRequestXML", "x").replace(b">x<", b">&#x7;<"),
    ],
    ids=["a line before", "text before", "a control character", "cut short", "a forbidden reference"],
)
def test_what_is_not_well_formed_is_an_error(body: bytes) -> None:
    assert refusal(body).startswith("Response is not well-formed XML: ")


def test_a_doctype_is_prohibited() -> None:
    body = result("sendRequestXML", "x").replace(b"?><soap", b'?><!DOCTYPE x [<!ENTITY y "z">]><soap')

    assert refusal(body) == "For security reasons DTD is prohibited in this XML document."


def test_what_is_no_soap_1_1_is_an_error() -> None:
    body = result("sendRequestXML", "x").replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    )

    assert refusal(body) == (
        "The root element {http://www.w3.org/2003/05/soap-envelope}Envelope is no SOAP 1.1 envelope."
    )


def test_an_envelope_without_a_body_is_an_error() -> None:
    assert refusal(soap("")) == "The envelope has no body."


def test_a_cookie_comes_back_with_the_next_call() -> None:
    answer = Reply(
        status=200,
        headers={"content-type": "text/xml; charset=utf-8", "set-cookie": "session=42; Path=/; HttpOnly"},
        body=result("serverVersion", "1"),
    )
    calling = client(answer)

    calling.text("serverVersion")
    calling.text("serverVersion")

    assert isinstance(calling.transport, Answering)
    assert [headers.get("Cookie") for headers in calling.transport.headers] == [None, "session=42"]


def test_a_call_carries_the_headers_of_dotnet() -> None:
    calling = client(result("authenticate", ["T", "none"]))

    calling.array("authenticate", ("strUserName", "a"), ("strPassword", "b"))

    assert isinstance(calling.transport, Answering)
    assert calling.transport.headers == [
        {
            "User-Agent": "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)",
            "Content-Type": "text/xml; charset=utf-8",
            "SOAPAction": '"http://developer.intuit.com/authenticate"',
            "Expect": "100-continue",
        }
    ]
