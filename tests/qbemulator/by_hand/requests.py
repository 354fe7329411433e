"""Requests as literal XML, and answers as plain values."""

from collections.abc import Mapping

from lxml import etree

Element = etree._Element


def customer_add(name: str, inner: str = "", *, parent: str | None = None, request_id: str = "1") -> str:
    """`inner` is everything behind ParentRef."""
    under = f"<ParentRef><FullName>{parent}</FullName></ParentRef>" if parent else ""
    return (
        f'<CustomerAddRq requestID="{request_id}"><CustomerAdd><Name>{name}</Name>{under}{inner}'
        "</CustomerAdd></CustomerAddRq>"
    )


def customer_mod(list_id: str, edit_sequence: str, inner: str) -> str:
    return (
        f"<CustomerModRq><CustomerMod><ListID>{list_id}</ListID><EditSequence>{edit_sequence}</EditSequence>"
        f"{inner}</CustomerMod></CustomerModRq>"
    )


def customer_query(inner: str = "", attributes: str = "") -> str:
    return f"<CustomerQueryRq{attributes}>{inner}</CustomerQueryRq>"


def line(amount: str = "100.00", *, item: str = "Service", inner: str = "") -> str:
    """A line with an amount; `inner` stands between ItemRef and Amount."""
    return (
        f"<InvoiceLineAdd><ItemRef><FullName>{item}</FullName></ItemRef>{inner}<Amount>{amount}</Amount>"
        "</InvoiceLineAdd>"
    )


def rated_line(quantity: str, rate: str, *, item: str = "Service") -> str:
    return (
        f"<InvoiceLineAdd><ItemRef><FullName>{item}</FullName></ItemRef><Quantity>{quantity}</Quantity>"
        f"<Rate>{rate}</Rate></InvoiceLineAdd>"
    )


def invoice_add(
    customer: str,
    *lines: str,
    number: str | None = "5431",
    date: str | None = None,
    tax_item: str | None = None,
    customer_tax_code: str | None = None,
    before_tax: str = "",
    after_tax: str = "",
    request_id: str = "1",
) -> str:
    """`before_tax` stands between RefNumber and ItemSalesTaxRef, `after_tax` behind it."""
    parts = [f"<CustomerRef><FullName>{customer}</FullName></CustomerRef>"]
    parts += [f"<TxnDate>{date}</TxnDate>"] if date else []
    parts += [f"<RefNumber>{number}</RefNumber>"] if number else []
    parts += [before_tax]
    parts += [f"<ItemSalesTaxRef><FullName>{tax_item}</FullName></ItemSalesTaxRef>"] if tax_item else []
    parts += [after_tax]
    code = f"<CustomerSalesTaxCodeRef><FullName>{customer_tax_code}</FullName></CustomerSalesTaxCodeRef>"
    parts += [code] if customer_tax_code else []
    body = "".join(parts) + "".join(lines or [line()])
    return f'<InvoiceAddRq requestID="{request_id}"><InvoiceAdd>{body}</InvoiceAdd></InvoiceAddRq>'


def invoice_mod(txn_id: str, edit_sequence: str, inner: str) -> str:
    return (
        f"<InvoiceModRq><InvoiceMod><TxnID>{txn_id}</TxnID><EditSequence>{edit_sequence}</EditSequence>{inner}"
        "</InvoiceMod></InvoiceModRq>"
    )


def invoice_query(inner: str) -> str:
    return f"<InvoiceQueryRq>{inner}</InvoiceQueryRq>"


def payment_add(customer: str, total: str, applied: str = "<IsAutoApply>false</IsAutoApply>") -> str:
    return (
        f"<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><FullName>{customer}</FullName></CustomerRef>"
        f"<TotalAmount>{total}</TotalAmount>{applied}</ReceivePaymentAdd></ReceivePaymentAddRq>"
    )


def applied_to(txn_id: str, amount: str, inner: str = "") -> str:
    return f"<AppliedToTxnAdd><TxnID>{txn_id}</TxnID><PaymentAmount>{amount}</PaymentAmount>{inner}</AppliedToTxnAdd>"


def status(answer: Element) -> tuple[str, str, str]:
    return answer.get("statusCode", ""), answer.get("statusSeverity", ""), answer.get("statusMessage", "")


def code(answer: Element) -> str:
    return answer.get("statusCode", "")


def text(element: Element, path: str) -> str | None:
    return element.findtext(path)


def texts(element: Element, path: str) -> list[str | None]:
    return [found.text for found in element.iterfind(path)]


def values(element: Element, *paths: str) -> dict[str, str | None]:
    return {path: element.findtext(path) for path in paths}


def tags(element: Element) -> list[str]:
    return [str(child.tag) for child in element]


def attributes(element: Element) -> Mapping[str, str]:
    return dict(element.attrib)  # type: ignore[arg-type]
