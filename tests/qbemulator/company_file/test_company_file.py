from pathlib import Path

import pytest
from by_hand.desktop import NOON

from qbemulator.company_file import CompanyFile
from qbemulator.company_file.samples import SAMPLES


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_the_same_whenever_it_is_made_for_the_same_moment(tmp_path: Path, sample: str) -> None:
    with (
        CompanyFile.create(tmp_path / "a.qbx", sample=sample, now=NOON, customers=50) as first,
        CompanyFile.create(tmp_path / "b.qbx", sample=sample, now=NOON, customers=50) as second,
    ):
        assert first.dump() == second.dump()


def test_a_new_company_file_has_no_customers_and_no_items(tmp_path: Path) -> None:
    with CompanyFile.create(tmp_path / "new.qbx", sample="empty", now=NOON) as books:
        dump = books.dump()

    assert [dump[each] for each in ("customers", "vendors", "items", "invoices")] == [[], [], [], []]
    assert dump["company"]["IsUsingSalesTax"] is False


def test_the_contractor_has_what_a_roofing_contractor_needs(tmp_path: Path) -> None:
    with CompanyFile.create(tmp_path / "c.qbx", sample="contractor", now=NOON) as books:
        items = {each["Name"]: each["Kind"] for each in books.dump()["items"]}
        customers = books.customers

    assert {
        name: items[name]
        for name in (
            "Service",
            "Project Billing",
            "Exact sales tax",
            "County Tax",
            "Combined Tax",
            "Discount",
        )
    } == {
        "Service": "ItemService",
        "Project Billing": "ItemService",
        "Exact sales tax": "ItemOtherCharge",
        "County Tax": "ItemSalesTax",
        "Combined Tax": "ItemSalesTaxGroup",
        "Discount": "ItemDiscount",
    }
    assert sum(1 for each in customers if each["Sublevel"] == 0) == 40
    assert any(each["Sublevel"] == 1 for each in customers)


def test_a_crowd_is_as_large_as_asked(tmp_path: Path) -> None:
    with CompanyFile.create(tmp_path / "c.qbx", sample="crowded", now=NOON, customers=321) as books:
        assert len(books.customers) == 321


def test_an_unknown_sample_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="bakery"):
        CompanyFile.create(tmp_path / "x.qbx", sample="bakery", now=NOON)

    assert list(tmp_path.iterdir()) == []


def test_a_switch_takes_only_what_it_knows(tmp_path: Path) -> None:
    with CompanyFile.create(tmp_path / "x.qbx", sample="empty", now=NOON) as books:
        for wrong in ("half", 1):
            with pytest.raises(ValueError, match="stored_answer"):
                books.switches.set(stored_answer=wrong)
        with pytest.raises(AttributeError, match="stored_reply"):
            books.switches.set(stored_reply="full")
        books.switches.set(stored_answer="status_only", most_open_iterators=3)
        assert (books.switches.stored_answer, books.switches.most_open_iterators) == ("status_only", 3)


def test_private_fields_are_kept_by_owner_and_name(tmp_path: Path) -> None:
    owner = "{87EDAAF8-637E-4203-867F-4BA79C2F8998}"
    with CompanyFile.create(tmp_path / "x.qbx", sample="empty", now=NOON) as books:
        books.set_data_ext(owner, "AppLock", "LOCKED:PC:1")
        books.set_data_ext(owner.lower(), "AppLock", "LOCKED:PC:2")

        assert books.data_ext(owner, "AppLock") == "LOCKED:PC:2"
        books.delete_data_ext(owner, "AppLock")
        assert books.data_ext(owner, "AppLock") is None
