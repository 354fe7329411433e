"""What the company is called and which features are on: the answers to HostQuery, CompanyQuery, PreferencesQuery."""

from __future__ import annotations

from typing import Any

from qbemulator.company_file.storage import Storage
from qbemulator.company_file.switches import Setting

SUPPORTED_VERSIONS = (
    "1.0", "1.1", "2.0", "2.1", "3.0", "4.0", "4.1", "5.0", "6.0", "7.0", "8.0", "9.0",
    "10.0", "11.0", "12.0", "13.0", "14.0", "15.0", "16.0",
)  # fmt: skip


class Host:
    """The QuickBooks program that has the file open."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    product_name = Setting("QuickBooks Enterprise Solutions: Contractor 23.0")
    major_version = Setting("33")
    minor_version = Setting("0")
    country = Setting("US", "US", "CA", "UK")
    file_mode = Setting("MultiUser", "MultiUser", "SingleUser")
    highest_version = Setting("16.0", *SUPPORTED_VERSIONS)

    @property
    def supported_versions(self) -> tuple[str, ...]:
        return SUPPORTED_VERSIONS[: SUPPORTED_VERSIONS.index(self.highest_version) + 1]


class Preferences:
    """Edit > Preferences. Dates are ISO text, "" for none; ids are ListIDs, "" for none."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    closing_date = Setting("")
    uses_classes = Setting(False)
    uses_sales_tax = Setting(False)
    default_sales_tax_item = Setting("")
    auto_applies_payments = Setting(True)
    is_multi_currency_on = Setting(False)
    allows_unattended_access = Setting(True)
    allows_personal_data = Setting(False)


class CompanyInformation:
    """Company > My Company. Addresses are dictionaries of element names."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    name = Setting("")
    legal_name = Setting("")
    is_sample = Setting(False)
    phone = Setting("")
    fax = Setting("")
    email = Setting("")
    web_site = Setting("")
    company_type = Setting("")
    tax_form = Setting("OtherOrNone")

    @property
    def address(self) -> dict[str, Any]:
        address: dict[str, Any] = self.storage.setting("CompanyInformation.address", {})
        return address

    @address.setter
    def address(self, address: dict[str, Any]) -> None:
        self.storage.set_setting("CompanyInformation.address", address)
