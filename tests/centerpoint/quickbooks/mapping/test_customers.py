"""A company and its QuickBooks customer."""

import pytest
from some_facts import ADDRESS, MARK, books, company

from centerpoint.quickbooks.mapping import customers
from centerpoint.quickbooks.mapping.facts import AddressFacts, Blocked, Difference, Existing
from centerpoint.quickbooks.models import Posting, QuickBooksCustomer
from qbxml import CLEAR, messages

ADD, MODIFY = Posting.Action.ADD, Posting.Action.MODIFY
NO_ADDRESS = AddressFacts()


def added(company, name="", tax=None):
    message = customers.message(
        company, name=name or company.name, mark=MARK, existing=None, tax=tax or books()
    )
    assert message.action == ADD
    return message


def changed(before, after):
    """The change that goes out when a company that was agreed on is another now."""
    existing = Existing(quickbooks_id="8-1", edit_sequence="17", agreed=customers.shared_fields(before))
    message = customers.message(after, name="Harbor View", mark=MARK, existing=existing, tax=books())
    assert message.action == MODIFY
    return message


def mirror(**fields):
    """The customer as the mirror has it."""
    return QuickBooksCustomer(**{"name": "Harbor View", "company_name": "Harbor View", **fields})


def test_a_new_customer_has_all_we_know_and_our_mark():
    message = added(company(phone="512-555-0142", email="office@harborview.example", contact="Dana Reyes"))

    assert message.body == messages.CustomerAddRq(
        customer_add=messages.CustomerAdd(
            name="Harbor View Condominiums",
            company_name="Harbor View Condominiums",
            bill_address=messages.Address(
                addr1="Harbor View Condominiums",
                addr2="12 Harbor Blvd",
                city="Austin",
                state="TX",
                postal_code="78701",
            ),
            phone="512-555-0142",
            email="office@harborview.example",
            contact="Dana Reyes",
            external_guid=MARK,
        )
    )


def test_a_name_too_long_stays_readable_in_both_fields():
    long_name = "Lakeside Property Owners Association of Travis County"

    customer = added(company(long_name), name="Lakeside Property Owners Association of").body.customer_add

    assert (customer.name, customer.company_name) == (
        "Lakeside Property Owners Association of",
        "Lakeside Property Owners Association of T",
    )


def test_a_company_without_a_writable_name_is_stopped():
    with pytest.raises(Blocked) as blocked:
        customers.message(company("***"), name="", mark=MARK, existing=None, tax=books())

    assert (blocked.value.code, blocked.value.facts) == ("name-empty", {"name": "***"})


@pytest.mark.parametrize(
    ("tax", "exempt", "code"),
    [
        (books(), True, "Non"),
        (books(), False, None),
        (books(sales_tax_is_on=False, taxable_code=None, non_taxable_code=None), True, None),
    ],
)
def test_an_exempt_company_is_not_taxed_there_where_there_is_tax(tax, exempt, code):
    customer = added(company(tax_exempt=exempt), tax=tax).body.customer_add

    assert customer.sales_tax_code_ref == (messages.Ref(full_name=code) if code else None)


def test_a_company_without_an_address_gets_none():
    assert added(company(address=NO_ADDRESS)).body.customer_add.bill_address is None


def test_an_address_moves_up_into_empty_lines_and_is_cut_where_quickbooks_ends():
    address = AddressFacts(street2="Suite 4", city="A town with a name of more than thirty letters")

    written = added(company(address=address)).body.customer_add.bill_address

    assert written == messages.Address(
        addr1="Harbor View Condominiums", addr2="Suite 4", city="A town with a name of more than"
    )


def test_nothing_goes_out_when_nothing_of_it_is_new():
    assert changed(company(), company(contact="Dana Reyes", tax_exempt=True)).body is None


def test_only_the_phone_goes_out_when_only_the_phone_changed():
    message = changed(company(phone="512-555-0142"), company(phone="512-555-0199"))

    assert message.body == messages.CustomerModRq(
        customer_mod=messages.CustomerMod(list_id="8-1", edit_sequence="17", phone="512-555-0199")
    )
    assert message.content == {"Phone": "512-555-0199"}


def test_a_phone_that_was_removed_is_cleared():
    message = changed(company(phone="512-555-0142"), company())

    assert message.body.customer_mod.phone is CLEAR
    assert message.content == {"Phone": ""}


def test_an_address_goes_out_whole_with_its_unused_lines_emptied():
    before = company(address=AddressFacts(street="1 Main St", street2="Suite 4", city="Austin"))

    change = changed(before, company(address=AddressFacts(street="2 Elm St", city="Austin"))).body

    assert change.customer_mod.bill_address == messages.Address(
        addr1="Harbor View Condominiums",
        addr2="2 Elm St",
        addr3=CLEAR,
        addr4=CLEAR,
        addr5=CLEAR,
        city="Austin",
        state=CLEAR,
        postal_code=CLEAR,
        country=CLEAR,
    )
    assert change.customer_mod.company_name is None


def test_an_address_that_was_removed_is_emptied():
    message = changed(company(), company(address=NO_ADDRESS))

    assert set(message.content.values()) == {""}
    assert message.body.customer_mod.bill_address.addr1 is CLEAR


def test_a_new_company_name_is_new_in_the_address_too():
    change = changed(company("Old Name"), company("New Name")).body.customer_mod

    assert (change.company_name, change.bill_address.addr1, change.bill_address.addr2) == (
        "New Name",
        "New Name",
        "12 Harbor Blvd",
    )


@pytest.mark.parametrize(
    ("there", "street", "street2"),
    [
        ("Harbor View\n12 Harbor Blvd\nSuite 4", "12 Harbor Blvd", "Suite 4"),
        ("HARBOR VIEW\n12 Harbor Blvd", "12 Harbor Blvd", ""),
        ("Harbor View\nDana Reyes\n12 Harbor Blvd", "12 Harbor Blvd", ""),
        ("A former name\n12 Harbor Blvd", "12 Harbor Blvd", ""),
        ("A former name\nP.O. Box 7", "P.O. Box 7", ""),
        ("12 Harbor Blvd\nSuite 4\nGate B", "12 Harbor Blvd", "Suite 4, Gate B"),
        ("One Market Plaza\nTower B", "One Market Plaza", "Tower B"),
        ("Harbor View\nOne Market Plaza\n3rd floor", "One Market Plaza", "3rd floor"),
        ("Harbor View", "", ""),
        ("", "", ""),
    ],
)
def test_the_street_is_found_below_the_names(there, street, street2):
    found = customers.shared_fields_there(mirror(street=there, contact="Dana Reyes"))

    assert (found["billing_street"], found["billing_street2"]) == (street, street2)


@pytest.mark.parametrize(
    ("company_name", "name", "known_as"), [("Harbor", "Harbor (2)", "Harbor"), ("", "Lee, Ann", "Lee, Ann")]
)
def test_the_company_name_there_is_the_name_else_the_name_in_the_list(company_name, name, known_as):
    found = customers.shared_fields_there(mirror(company_name=company_name, name=name))

    assert found["name"] == known_as


def merged(agreed, ours, theirs):
    """What becomes of the phone, everything else being equal."""
    mine = company(phone=ours)
    same = customers.shared_fields(mine)
    merge = customers.merge(
        agreed=same | {"phone": agreed} if agreed is not None else {},
        ours=mine,
        theirs=same | {"phone": theirs},
    )
    return merge.take, merge.send, merge.conflicts, merge.agreed.get("phone")


@pytest.mark.parametrize(
    ("agreed", "ours", "theirs", "take", "send", "conflicts", "agreed_now"),
    [
        ("1", "1", "1", {}, set(), {}, "1"),
        ("1", "1", "2", {"phone": "2"}, set(), {}, "2"),
        ("1", "1", "", {"phone": ""}, set(), {}, ""),
        ("1", "2", "1", {}, {"phone"}, {}, "1"),
        ("1", "2", "2", {}, set(), {}, "2"),
        ("1", "2", "3", {}, set(), {"phone": ("2", "3", "1")}, "1"),
        (None, "2", "3", {}, set(), {"phone": ("2", "3", "")}, None),
    ],
)
def test_each_field_goes_where_it_did_not_change(agreed, ours, theirs, take, send, conflicts, agreed_now):
    assert merged(agreed, ours, theirs) == (take, send, conflicts, agreed_now)


def ret(**fields):
    return messages.CustomerRet(
        **{
            "list_id": "8-1",
            "time_modified": "2026-03-02T09:00:00-06:00",
            "edit_sequence": "18",
            "name": "Harbor View",
            "full_name": "Harbor View",
            "external_guid": MARK,
            **fields,
        }
    )


def test_an_answer_that_holds_what_was_sent_settles_without_a_difference():
    settled = customers.settle({"Name": "Harbor View", "Phone": "1"}, ret(phone="1", fax="2"))

    assert (settled.quickbooks_id, settled.edit_sequence, settled.name, settled.external_guid) == (
        "8-1",
        "18",
        "Harbor View",
        MARK,
    )
    assert settled.differences == ()


def test_an_answer_that_lost_a_field_says_which():
    settled = customers.settle({"Name": "Harbor View", "Phone": "1", "BillAddress.City": "Austin"}, ret())

    assert settled.differences == (
        Difference(field="Phone", ours="1", theirs=""),
        Difference(field="BillAddress.City", ours="Austin", theirs=""),
    )


def test_what_we_wrote_is_read_back_as_what_we_have():
    ours = company(phone="512-555-0142", address=AddressFacts(street=ADDRESS.street, street2="Suite 4"))
    content = added(ours).content

    back = customers.shared_fields_there(
        mirror(
            name=ours.name,
            company_name=content["CompanyName"],
            street="\n".join(filter(None, (content[f"BillAddress.Addr{n}"] for n in range(1, 6)))),
            phone=content["Phone"],
        )
    )

    assert back == customers.shared_fields(ours)
