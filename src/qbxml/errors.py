"""What can be wrong with a qbXML text, ours or QuickBooks'. Each error is one sentence and carries its facts."""

SHOWN = 120


class QbxmlError(Exception):
    """Everything this package raises on purpose."""


class NotWritable(QbxmlError):
    """A value of ours that QuickBooks would refuse.

    `message` is the request's content as Intuit names it ("CustomerAdd"), `element` the path inside it ("Name",
    "BillAddress/Addr1"), `limit` the rule that is broken, `value` what was given.
    """

    def __init__(self, message: str, element: str, limit: str, value: object = None) -> None:
        self.message = message
        self.element = element
        self.limit = limit
        self.value = value
        where = f"{message}.{element}" if element else message
        super().__init__(f"{where}: {limit}" if value is None else f"{where}: {limit}: {_shown(value)}")


class NotReadable(QbxmlError):
    """A value in an answer that is not what its element holds ("InvoiceRet/Subtotal", "1,234.5")."""

    def __init__(self, element: str, kind: str, value: str | None) -> None:
        self.element = element
        self.kind = kind
        self.value = value
        super().__init__(
            f"{element}: {kind} is missing" if value is None else f"{element}: not {kind}: {_shown(value)}"
        )


class Malformed(QbxmlError):
    """A text that is not well-formed XML, or not a qbXML answer. Lines and columns count from 1."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(reason if line is None else f"line {line}, column {column}: {reason}")


class Hostile(QbxmlError):
    """A text that tries what no honest sender needs: a doctype, UTF-16, endless nesting, endless length."""


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
