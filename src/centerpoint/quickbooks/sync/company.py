"""Is this the company file we are bound to? Asked of QuickBooks' own description of itself, before anything is sent."""

import datetime as dt
from typing import Any

from centerpoint.quickbooks.models import CompanyFile
from qbxml import messages
from qbxml.codec import Answer

# ExternalGUID (9.0) and ErrorRecovery (11.0) are what exactly-once stands on; 13.0 is the newest we speak.
SPOKEN = ("13.0", "12.0", "11.0")


class NotThisFile(Exception):
    """The session must not go on; `code` is a word of cures.py."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


def identity_queries(company_file: CompanyFile) -> list[Any]:
    """The questions the Web Connector itself asks at the start, for when its answer did not reach us."""
    return [
        messages.HostQueryRq(),
        messages.CompanyQueryRq(owner_id=(company_file.owner_id,)),
        messages.PreferencesQueryRq(),
    ]


def check(
    company_file: CompanyFile, answers: tuple[Answer, ...], *, file_name: str, now: dt.datetime
) -> None:
    """Bind `company_file` to the file described, or compare the two; changes the instance, saves nothing.

    Raises NotThisFile when another file is open, or QuickBooks is too old.
    """
    records = {type(record): record for answer in answers for record in answer.records}
    host = records.get(messages.HostRet)
    company = records.get(messages.CompanyRet)
    preferences = records.get(messages.PreferencesRet)
    if host is None or company is None:
        said = (
            "; ".join(answer.status.message for answer in answers if answer.status.code)
            or "no description at all"
        )
        raise NotThisFile("company-unknown", said)
    _compare(company_file, company, file_name)
    company_file.qbxml_version = _version(host)
    company_file.product_name = host.product_name or ""
    company_file.major_version = host.major_version or ""
    company_file.country = host.country or ""
    company_file.company_name = company.company_name or ""
    company_file.file_name = file_name or company_file.file_name
    company_file.bound_at = company_file.bound_at or now
    if preferences is not None:
        company_file.preferences = _preferences(preferences)


def _compare(company_file: CompanyFile, company: Any, file_name: str) -> None:
    """The stamp the Web Connector put into the file decides; without one, the name and path of first contact."""
    stamps = [
        field.data_ext_value
        for field in company.data_ext_ret
        if field.data_ext_name == "FileID" and (field.owner_id or "").upper() == company_file.owner_id.upper()
    ]
    if stamps:
        same = stamps[0].upper() == company_file.file_id.upper()
    elif company_file.bound_at is None:
        same = True
    else:
        # When we asked ourselves, nobody told us the path.
        is_same_path = file_name in ("", company_file.file_name)
        same = company.company_name == company_file.company_name and is_same_path
    if not same:
        raise NotThisFile("wrong-file", company.company_name or file_name)


def _version(host: Any) -> str:
    for version in SPOKEN:
        if version in host.supported_qbxml_version:
            return version
    raise NotThisFile("version-too-old", host.product_name or "")


def _preferences(preferences: Any) -> dict[str, Any]:
    tax = preferences.sales_tax_preferences
    accounting = preferences.accounting_preferences
    closing_date = accounting.closing_date if accounting else None
    return {
        "sales_tax_is_on": tax is not None,
        "taxable_code": _name(tax.default_taxable_sales_tax_code_ref) if tax else None,
        "non_taxable_code": _name(tax.default_non_taxable_sales_tax_code_ref) if tax else None,
        "default_tax_item": _name(tax.default_item_sales_tax_ref) if tax else None,
        "closing_date": closing_date.isoformat() if closing_date else None,
        "uses_classes": bool(accounting and accounting.is_using_class_tracking),
        "is_multi_currency": bool(
            preferences.multi_currency_preferences
            and preferences.multi_currency_preferences.is_multi_currency_on
        ),
    }


def _name(ref: Any) -> str | None:
    return ref.full_name if ref is not None else None
