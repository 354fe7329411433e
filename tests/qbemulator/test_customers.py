from by_hand.desktop import Desktop
from by_hand.requests import (
    code,
    customer_add,
    customer_mod,
    customer_query,
    invoice_add,
    status,
    tags,
    text,
    texts,
    values,
)


def test_a_new_customer_is_answered_with_its_record(desktop: Desktop) -> None:
    answer = desktop.ask(customer_add("Acme Roofing", "<CompanyName>Acme Roofing, Inc.</CompanyName>"))

    assert status(answer) == ("0", "Info", "Status OK")
    assert tags(answer[0]) == [
        "ListID",
        "TimeCreated",
        "TimeModified",
        "EditSequence",
        "Name",
        "FullName",
        "IsActive",
        "Sublevel",
        "CompanyName",
        "Balance",
        "TotalBalance",
        "JobStatus",
        "PreferredDeliveryMethod",
    ]


def test_list_ids_count_up_within_one_second(desktop: Desktop) -> None:
    second = str(int(desktop.now.timestamp()))
    answers = desktop.send(customer_add("A"), customer_add("B"))

    first, next_ = (text(answer, "CustomerRet/ListID") or "" for answer in answers)
    assert [first.split("-")[1], next_.split("-")[1]] == [second, second]
    assert int(next_.split("-")[0], 16) == int(first.split("-")[0], 16) + 1
    assert first.startswith("8000")


def test_a_name_is_taken_without_regard_to_case_and_also_within_the_same_set(desktop: Desktop) -> None:
    answers = desktop.send(customer_add("Acme"), customer_add("ACME"))

    assert [code(answer) for answer in answers] == ["0", "3100"]
    assert status(answers[1])[2] == 'The name "ACME" of the list element is already in use.'


def test_vendors_employees_and_other_names_block_a_customers_name(desktop: Desktop) -> None:
    answers = desktop.send(
        customer_add("abc roofing supply"), customer_add("Maria Lopez"), customer_add("Petty Cash")
    )

    assert [code(answer) for answer in answers] == ["3100", "3100", "3100"]


def test_an_inactive_customer_still_blocks_its_name(desktop: Desktop) -> None:
    assert code(desktop.ask(customer_add("Orchard Supply"))) == "3100"


def test_the_same_job_name_is_free_under_another_customer(desktop: Desktop) -> None:
    answers = desktop.send(
        customer_add("5431", parent="Lakeside Property Mgmt"),
        customer_add("5431", parent="Hillside HOA"),
        customer_add("5431", parent="hillside hoa"),
        customer_add("5431"),
    )

    assert [code(answer) for answer in answers] == ["0", "0", "3100", "0"]


def test_a_job_copies_address_contact_and_terms_of_its_customer_but_not_its_tax_code(
    desktop: Desktop,
) -> None:
    job = desktop.ask(customer_add("5431", parent="Lakeside Property Mgmt"))[0]

    assert values(
        job, "FullName", "Sublevel", "ParentRef/FullName", "BillAddress/Addr2", "TermsRef/FullName"
    ) == {
        "FullName": "Lakeside Property Mgmt:5431",
        "Sublevel": "1",
        "ParentRef/FullName": "Lakeside Property Mgmt",
        "BillAddress/Addr2": "100 Harbor Blvd",
        "TermsRef/FullName": "Net 30",
    }
    assert text(job, "SalesTaxCodeRef/FullName") is None


def test_a_parent_that_does_not_exist_is_named(desktop: Desktop) -> None:
    assert status(desktop.ask(customer_add("5431", parent="Nobody"))) == (
        "3130",
        "Error",
        'There is an invalid reference to a parent "Nobody" in the Customers list.  QuickBooks error message: '
        "Invalid argument.  The specified record does not exist in the list.",
    )


def test_a_vendor_cannot_be_the_parent_of_a_job(desktop: Desktop) -> None:
    assert code(desktop.ask(customer_add("5431", parent="Pacific Metals"))) == "3130"


def test_a_colon_in_a_name_is_refused(desktop: Desktop) -> None:
    answer = desktop.ask(customer_add("Incorrect : Name"))

    assert code(answer) == "3090"
    assert status(answer)[2].startswith(
        'There was an error when storing "Incorrect : Name" in the "customer name" field.  '
        "QuickBooks error message: Names in this list cannot contain a colon."
    )


def test_a_name_too_long_is_refused_and_never_shortened(desktop: Desktop) -> None:
    long = "x" * 42

    assert status(desktop.ask(customer_add(long), valid=False)) == (
        "3070",
        "Error",
        f'The string "{long}" in the field "Name" is too long.',
    )
    assert code(desktop.ask(customer_add("x" * 41))) == "0"


def test_outer_blanks_of_a_name_are_cut_and_inner_ones_kept(desktop: Desktop) -> None:
    assert text(desktop.ask(customer_add("  Two  Words ")), "CustomerRet/Name") == "Two  Words"


def test_customers_have_five_levels_and_no_sixth(desktop: Desktop) -> None:
    answers = desktop.send(
        customer_add("A"),
        customer_add("B", parent="A"),
        customer_add("C", parent="A:B"),
        customer_add("D", parent="A:B:C"),
        customer_add("E", parent="A:B:C:D"),
        customer_add("F", parent="A:B:C:D:E"),
    )

    assert [code(answer) for answer in answers] == ["0", "0", "0", "0", "0", "3180"]


def test_jobs_stand_right_behind_their_customer(desktop: Desktop) -> None:
    desktop.send(customer_add("Hillside Annex"), customer_add("Zoo", parent="Hillside HOA"))

    answer = desktop.ask(
        customer_query(
            "<NameFilter><MatchCriterion>StartsWith</MatchCriterion><Name>Hillside</Name></NameFilter>"
            "<IncludeRetElement>FullName</IncludeRetElement>"
        )
    )

    assert texts(answer, "CustomerRet/FullName") == ["Hillside Annex", "Hillside HOA", "Hillside HOA:Zoo"]


def test_a_change_keeps_what_was_not_sent_and_clears_what_was_sent_empty(desktop: Desktop) -> None:
    made = desktop.ask(
        customer_add("Acme", "<CompanyName>Acme Inc</CompanyName><Phone>1</Phone><Fax>2</Fax>")
    )[0]
    desktop.wait(seconds=5)

    changed = desktop.ask(
        customer_mod(text(made, "ListID") or "", text(made, "EditSequence") or "", "<Phone/><Fax>3</Fax>")
    )

    assert values(changed[0], "CompanyName", "Phone", "Fax", "EditSequence") == {
        "CompanyName": "Acme Inc",
        "Phone": None,
        "Fax": "3",
        "EditSequence": str(int(desktop.now.timestamp())),
    }


def test_a_stale_edit_sequence_is_answered_with_the_current_record(desktop: Desktop) -> None:
    made = desktop.ask(customer_add("Acme"))[0]
    list_id, old = text(made, "ListID") or "", text(made, "EditSequence") or ""
    desktop.wait(seconds=1)
    desktop.ask(customer_mod(list_id, old, "<Phone>1</Phone>"))

    answer = desktop.ask(customer_mod(list_id, old, "<Phone>2</Phone>"))

    assert status(answer) == ("3200", "Error", f'The provided edit sequence "{old}" is out-of-date. ')
    assert values(answer[0], "Phone", "EditSequence") == {"Phone": "1", "EditSequence": str(int(old) + 1)}


def test_two_changes_within_one_second_leave_the_edit_sequence_as_it_was(desktop: Desktop) -> None:
    made = desktop.ask(customer_add("Acme"))[0]
    list_id, sequence = text(made, "ListID") or "", text(made, "EditSequence") or ""

    first = desktop.ask(customer_mod(list_id, sequence, "<Phone>1</Phone>"))
    second = desktop.ask(customer_mod(list_id, sequence, "<Phone>2</Phone>"))

    assert [code(first), code(second)] == ["0", "0"]
    assert text(second, "CustomerRet/EditSequence") == sequence


def test_renaming_a_customer_renames_its_jobs_and_leaves_their_edit_sequence(desktop: Desktop) -> None:
    job = desktop.ask(customer_add("5431", parent="Hillside HOA"))[0]
    customer = desktop.ask(customer_query("<FullName>Hillside HOA</FullName>"))[0]
    desktop.wait(minutes=1)

    desktop.ask(
        customer_mod(
            text(customer, "ListID") or "", text(customer, "EditSequence") or "", "<Name>Hilltop HOA</Name>"
        )
    )

    after = desktop.ask(customer_query(f"<ListID>{text(job, 'ListID')}</ListID>"))[0]
    assert values(after, "FullName", "EditSequence", "ParentRef/FullName") == {
        "FullName": "Hilltop HOA:5431",
        "EditSequence": text(job, "EditSequence"),
        "ParentRef/FullName": "Hilltop HOA",
    }


def test_a_job_moves_to_another_customer_with_its_balance(desktop: Desktop) -> None:
    job = desktop.ask(customer_add("5431", parent="Hillside HOA"))[0]
    desktop.ask(invoice_add("Hillside HOA:5431", customer_tax_code="Non"))

    moved = desktop.ask(
        customer_mod(
            text(job, "ListID") or "",
            text(job, "EditSequence") or "",
            "<ParentRef><FullName>Summit Dental Group</FullName></ParentRef>",
        )
    )[0]

    totals = {each["FullName"]: each["TotalBalance"] for each in desktop.books.customers}
    assert text(moved, "FullName") == "Summit Dental Group:5431"
    assert (totals["Hillside HOA"], totals["Summit Dental Group"]) == ("0.00", "100.00")


def test_an_unknown_id_cannot_be_changed(desktop: Desktop) -> None:
    assert status(desktop.ask(customer_mod("80009999-1405768916", "1", "<Phone>1</Phone>"))) == (
        "3120",
        "Error",
        'Object "80009999-1405768916" specified in the request cannot be found.  QuickBooks error message: '
        "Invalid argument.  The specified record does not exist in the list.",
    )


def test_a_field_that_is_not_kept_is_a_warning_and_the_rest_is_saved(desktop: Desktop) -> None:
    answer = desktop.ask(customer_add("Acme", "<OpenBalance>12.00</OpenBalance>"))

    assert status(answer) == (
        "530",
        "Warn",
        'The field "OpenBalance" is not supported by this implementation.',
    )
    assert text(answer, "CustomerRet/Name") == "Acme"


def test_an_unused_customer_is_deleted_and_remembered(desktop: Desktop) -> None:
    made = desktop.ask(customer_add("Acme"))[0]

    answer = desktop.ask(
        f"<ListDelRq><ListDelType>Customer</ListDelType><ListID>{text(made, 'ListID')}</ListID></ListDelRq>"
    )
    deleted = desktop.ask("<ListDeletedQueryRq><ListDelType>Customer</ListDelType></ListDeletedQueryRq>")

    assert values(answer, "ListDelType", "ListID", "TimeDeleted", "FullName") == {
        "ListDelType": "Customer",
        "ListID": text(made, "ListID"),
        "TimeDeleted": "2026-01-05T12:00:00-08:00",
        "FullName": "Acme",
    }
    assert tags(answer) == ["ListDelType", "ListID", "TimeDeleted", "FullName"]
    assert texts(deleted, "ListDeletedRet/FullName") == ["Acme"]


def test_a_customer_with_jobs_or_invoices_cannot_be_deleted(desktop: Desktop) -> None:
    by_name = {each["FullName"]: each["ListID"] for each in desktop.books.customers}
    desktop.ask(invoice_add("Hillside HOA"))

    answers = desktop.send(
        *(
            f"<ListDelRq><ListDelType>Customer</ListDelType><ListID>{by_name[name]}</ListID></ListDelRq>"
            for name in ("Lakeside Property Mgmt", "Hillside HOA")
        )
    )

    assert [code(answer) for answer in answers] == ["3160", "3160"]


def test_in_multi_user_mode_deleting_may_only_make_inactive(desktop: Desktop) -> None:
    desktop.books.switches.list_delete = "inactivate"
    made = desktop.ask(customer_add("Acme"))[0]

    answer = desktop.ask(
        f"<ListDelRq><ListDelType>Customer</ListDelType><ListID>{text(made, 'ListID')}</ListID></ListDelRq>"
    )

    assert code(answer) == "0"
    assert [each["IsActive"] for each in desktop.books.customers if each["Name"] == "Acme"] == [False]


def test_a_merged_customer_looks_deleted_and_its_jobs_and_balance_are_the_others(desktop: Desktop) -> None:
    desktop.ask(invoice_add("Acme Warehousing Inc", customer_tax_code="Non"))

    desktop.office.merge_customers("Acme Warehousing Inc", "Delta Logistics")

    after = {each["FullName"]: each["TotalBalance"] for each in desktop.books.customers}
    assert "Acme Warehousing Inc" not in after
    assert (after["Delta Logistics"], "Delta Logistics:Dock 4" in after) == ("100.00", True)
    assert [each["Name"] for each in desktop.books.dump()["deleted"]] == ["Acme Warehousing Inc"]


def test_classes_are_refused_while_class_tracking_is_off(desktop: Desktop) -> None:
    request = customer_add("Acme").replace(
        "</Name>", "</Name><ClassRef><FullName>Service</FullName></ClassRef>"
    )

    refused = desktop.ask(request)
    desktop.office.use_classes(True)

    assert status(refused) == (
        "3250",
        "Error",
        "This feature is not enabled or not available in this version of QuickBooks.",
    )
    assert text(desktop.ask(request), "CustomerRet/ClassRef/FullName") == "Service"
