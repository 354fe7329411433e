"""What arrives is read to the right values or refused with a sentence; what leaves is right to the byte."""

import pytest

from centerpoint.quickbooks.webconnector.envelope import (
    LONGEST_PARAMETER,
    Call,
    NotACall,
    Soap,
    fault,
    read_call,
    reply,
)

UTF_8 = "text/xml; charset=utf-8"
HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
)
TAIL = b"</soap:Body></soap:Envelope>"


def read(body: bytes, content_type: str = UTF_8) -> Call:
    return read_call([body], content_type=content_type)


# -- what arrives ---------------------------------------------------------------------------------------------------


def test_a_call_is_read_with_its_parameters(soap):
    call = read(soap("authenticate", strUserName="acme-12ab", strPassword="k7mw &lt;9x2&gt;"))

    assert (call.method, call.parameters, call.soap) == (
        "authenticate",
        {"strUserName": "acme-12ab", "strPassword": "k7mw <9x2>"},
        Soap.V1_1,
    )


def test_a_missing_parameter_reads_as_an_empty_one(soap):
    call = read(soap("connectionError", ticket="t", hresult=""))

    assert (call["hresult"], call["message"], call.number("qbXMLMajorVers")) == ("", "", 0)


def test_a_call_may_arrive_in_pieces_of_one_byte(soap):
    body = soap(
        "receiveResponseXML",
        ticket="t",
        response="a&#x7;b &lt;Name&gt;Zo\u00eb &amp;amp; Co&lt;/Name&gt;",
        hresult="",
    )

    call = read_call((body[at : at + 1] for at in range(len(body))), content_type=UTF_8)

    assert (call["ticket"], call.response.text()) == ("t", "a&#x7;b <Name>Zo\u00eb &amp; Co</Name>")


@pytest.mark.parametrize("prefix", ["s", "SOAP-ENV", "ns0"])
def test_prefixes_do_not_matter(prefix):
    body = (
        f'<{prefix}:Envelope xmlns:{prefix}="http://schemas.xmlsoap.org/soap/envelope/">'
        f'<{prefix}:Header><x:a xmlns:x="urn:x"><x:b/></x:a></{prefix}:Header>'
        f'<{prefix}:Body><q:getLastError xmlns:q="http://developer.intuit.com/"><q:ticket>t</q:ticket></q:getLastError>'
        f"</{prefix}:Body></{prefix}:Envelope>"
    ).encode()

    assert (read(body).method, read(body).parameters) == ("getLastError", {"ticket": "t"})


def test_soap_1_2_is_understood(soap):
    body = soap("serverVersion").replace(
        b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
    )

    call = read(body, "application/soap+xml; charset=utf-8")

    assert (call.method, call.soap) == ("serverVersion", Soap.V1_2)


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ('text/xml; charset="UTF-8"', "utf-8-sig"),
        ("text/xml", "utf-8"),
        ("text/xml; charset=utf-16", "utf-16"),
        ("text/xml; charset=utf-16LE", "utf-16-le"),
        ("text/xml; charset=windows-1252", "windows-1252"),
    ],
)
def test_the_content_type_names_the_encoding(soap, content_type, encoding):
    body = soap("getLastError", ticket="Zo\u00eb").decode().encode(encoding)

    assert read(body, content_type)["ticket"] == "Zo\u00eb"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"])
def test_an_encoding_that_was_not_declared_is_refused(soap, encoding):
    body = soap("getLastError", ticket="Zo\u00eb").decode().encode(encoding)

    with pytest.raises(NotACall):
        read(body)


def test_an_encoding_nobody_needs_is_refused(soap):
    with pytest.raises(NotACall, match="encoded in utf-7"):
        read(soap("serverVersion"), "text/xml; charset=utf-7")


@pytest.mark.parametrize(
    "reference", ["&#x7;", "&#7;", "&#x0007;", "&#x0;", "&#xFFFE;", "&#xD800;", "&#x110000;"]
)
def test_a_forbidden_reference_stays_a_reference_in_the_inner_document(soap, reference):
    call = read(soap("receiveResponseXML", ticket="t", response=f"&lt;Memo&gt;a{reference}b&lt;/Memo&gt;"))

    assert call.response.text() == f"<Memo>a{reference}b</Memo>"


def test_a_forbidden_character_becomes_a_reference_in_the_inner_document(soap):
    call = read(soap("receiveResponseXML", ticket="t", response="&lt;Memo&gt;a\x07b&lt;/Memo&gt;"))

    assert call.response.text() == "<Memo>a&#x7;b</Memo>"


def test_lawful_references_are_resolved(soap):
    call = read(soap("receiveResponseXML", ticket="t", response="a&#xA;b&#233;c&#x1F600;"))

    assert call.response.text() == "a\nb\u00e9c\U0001f600"


def test_only_an_answer_of_quickbooks_may_be_long(soap):
    longest = "x" * LONGEST_PARAMETER
    call = read(soap("receiveResponseXML", response=longest + "x"))
    assert call.response.text() == longest + "x"

    with pytest.raises(NotACall, match="message of receiveResponseXML is too long"):
        read(soap("receiveResponseXML", message=longest + "x"))


CALL = b'<serverVersion xmlns="http://developer.intuit.com/"/>'


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The request is not well-formed XML: no element found (line 1, column 1)."),
        (b"{}", "The request is not well-formed XML: not well-formed (invalid token) (line 1, column 1)."),
        (HEAD + CALL, "The request is not well-formed XML: no element found (line 1, column 173)."),
        (
            b"\n" + HEAD + CALL + TAIL,
            "The request is not well-formed XML: XML or text declaration not at start of entity (line 2, column 1).",
        ),
        (b"<a/>", "The request is no SOAP envelope: its root is a in no namespace."),
        (
            b'<Envelope xmlns="urn:soap"/>',
            "The request is no SOAP envelope: its root is Envelope in urn:soap.",
        ),
        (HEAD + TAIL, "The SOAP body holds no call."),
        (HEAD + CALL + CALL + TAIL, "The SOAP body holds more than one call."),
        (
            HEAD + b'<serverVersion xmlns="http://developer.intuit.com"/>' + TAIL,
            "serverVersion is in the namespace http://developer.intuit.com; it must be http://developer.intuit.com/",
        ),
        (
            HEAD + b"<serverVersion/>" + TAIL,
            "serverVersion is in the namespace (none); it must be http://developer.intuit.com/",
        ),
        (
            HEAD + b'<close xmlns="http://developer.intuit.com/"><a>1</a><a>2</a></close>' + TAIL,
            "close gives a twice.",
        ),
        (
            HEAD + b'<close xmlns="http://developer.intuit.com/"><a><b/></a></close>' + TAIL,
            "a of close must hold text only.",
        ),
        (
            b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + HEAD + CALL + TAIL,
            "The request holds a document type definition; SOAP forbids it.",
        ),
        (
            b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>'
            + b"<a>" * 70
            + b"</a>" * 70
            + b"</soap:Header></soap:Envelope>",
            "The request is nested more than 64 deep.",
        ),
    ],
)
def test_what_is_no_call_is_refused_in_a_sentence(body, sentence):
    with pytest.raises(NotACall) as refusal:
        read(body)

    assert refusal.value.sentence == sentence


def test_a_number_that_is_none_is_refused(soap):
    call = read(soap("sendRequestXML", qbXMLMajorVers="thirteen"))

    with pytest.raises(NotACall, match="qbXMLMajorVers of sendRequestXML must be a whole number"):
        call.number("qbXMLMajorVers")


# -- what leaves ----------------------------------------------------------------------------------------------------

REPLY_HEAD = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
)


@pytest.mark.parametrize(
    ("method", "result", "content"),
    [
        (
            "serverVersion",
            "Centerpoint 1",
            b'<serverVersionResponse xmlns="http://developer.intuit.com/">'
            b"<serverVersionResult>Centerpoint 1</serverVersionResult></serverVersionResponse>",
        ),
        (
            "clientVersion",
            "",
            b'<clientVersionResponse xmlns="http://developer.intuit.com/">'
            b"<clientVersionResult></clientVersionResult></clientVersionResponse>",
        ),
        (
            "authenticate",
            ("TICKET", ""),
            b'<authenticateResponse xmlns="http://developer.intuit.com/"><authenticateResult>'
            b"<string>TICKET</string><string></string></authenticateResult></authenticateResponse>",
        ),
        (
            "sendRequestXML",
            '<?xml version="1.0"?><a b="c">&amp;</a>',
            b'<sendRequestXMLResponse xmlns="http://developer.intuit.com/"><sendRequestXMLResult>'
            b'&lt;?xml version="1.0"?&gt;&lt;a b="c"&gt;&amp;amp;&lt;/a&gt;'
            b"</sendRequestXMLResult></sendRequestXMLResponse>",
        ),
        (
            "receiveResponseXML",
            33,
            b'<receiveResponseXMLResponse xmlns="http://developer.intuit.com/">'
            b"<receiveResponseXMLResult>33</receiveResponseXMLResult></receiveResponseXMLResponse>",
        ),
        (
            "getLastError",
            "Zo\u00eb\r\n\x07end",
            b'<getLastErrorResponse xmlns="http://developer.intuit.com/">'
            b"<getLastErrorResult>Zo\xc3\xab\n\xef\xbf\xbdend</getLastErrorResult></getLastErrorResponse>",
        ),
    ],
)
def test_each_reply_is_written_to_the_byte(method, result, content):
    assert reply(Call(method=method), result) == REPLY_HEAD + content + TAIL


def test_a_fault_is_written_to_the_byte():
    assert fault(Soap.V1_1, "Not <here>", by_sender=True) == (
        REPLY_HEAD + b"<soap:Fault><faultcode>soap:Client</faultcode>"
        b"<faultstring>Not &lt;here&gt;</faultstring></soap:Fault>" + TAIL
    )
    assert fault(Soap.V1_2, "Oh", by_sender=False) == (
        b'<?xml version="1.0" encoding="utf-8"?>'
        b'<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body><soap:Fault>'
        b"<soap:Code><soap:Value>soap:Receiver</soap:Value></soap:Code>"
        b'<soap:Reason><soap:Text xml:lang="en">Oh</soap:Text></soap:Reason></soap:Fault>' + TAIL
    )
