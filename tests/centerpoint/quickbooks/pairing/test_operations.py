"""Pairing: who is whom, decided once, undone when wrong, and never a second customer by oversight."""

import datetime as dt
from collections import Counter

import pytest

from centerpoint.companies.models import Company
from centerpoint.companies.operations import OfAnotherContractor, change_company
from centerpoint.quickbooks import outbox
from centerpoint.quickbooks.models import (
    Conflict,
    ListEntry,
    Pairing,
    Posting,
    ReadMark,
    RecordKind,
    Suggestion,
)
from centerpoint.quickbooks.pairing import conflicts, counting, operations, queries
from centerpoint.quickbooks.posting_states import State
from centerpoint.quickbooks.sync import snapshot
from qbxml import codec

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
Verdict = Suggestion.Verdict
Bucket = queries.Bucket


def refresh(books, companies=None):
    operations.refresh_suggestions(company_file=books.company_file, now=books.now, companies=companies)


def suggested(books):
    return [
        (suggestion.company.name, str(suggestion.customer or suggestion.clash), suggestion.verdict)
        for suggestion in Suggestion.objects.filter(
            company_file=books.company_file, not_the_same=False
        ).order_by("company__name", "-score", "pk")
    ]


def pair(books, company, customer):
    return operations.pair(company_file=books.company_file, company=company, customer=customer, now=books.now)


def state(posting):
    posting.refresh_from_db()
    return State(posting.state)


# -- suggestions ---------------------------------------------------------------------------------------------------


def test_unpaired_companies_are_compared_with_unpaired_customers(books, business):
    business.company("Oak Hills", phone="512 555 0100")
    business.company("Elm Dental")
    books.customer("Oak Hills, Inc.", phone="(512) 555-0100")
    books.customer("Elm Dental:", full_name="Elm Dental:Job", sublevel=1)
    books.paired(business.company("Ash Bakery"), customer=books.customer("Ash Bakery"))
    books.vendor("Elm Dental")

    refresh(books)

    assert suggested(books) == [
        ("Elm Dental", "Elm Dental", Verdict.NAME_CLASH),
        ("Oak Hills", "Oak Hills, Inc.", Verdict.CERTAIN),
    ]


def test_refreshing_twice_changes_nothing(books, business):
    business.company("Oak Hills")
    books.customer("Oak Hills")
    refresh(books)
    before = list(Suggestion.objects.values())

    refresh(books)

    assert list(Suggestion.objects.values()) == before


def test_a_suggestion_that_is_no_longer_true_goes_away(books, business):
    company = business.company("Oak Hills")
    books.customer("Oak Hills")
    refresh(books)
    change_company(company=company, now=books.now, name="Kensington Apartments")

    refresh(books)

    assert suggested(books) == []


def test_a_second_company_for_one_customer_takes_the_certainty_of_the_first(books, business):
    business.company("Oak Hills")
    books.customer("Oak Hills")
    refresh(books)
    second = business.company("Oak Hills")

    refresh(books, companies=[second.pk])

    assert suggested(books) == [
        ("Oak Hills", "Oak Hills", Verdict.LIKELY),
        ("Oak Hills", "Oak Hills", Verdict.LIKELY),
    ]


def test_the_name_of_a_paired_customer_is_a_clash_for_others(books, business):
    books.paired(business.company("Oak Hills"), customer=books.customer("Oak Hills"))
    second = business.company("Oak Hills")

    refresh(books)

    suggestion = Suggestion.objects.get(company=second)
    assert (suggestion.verdict, suggestion.reasons) == (
        Verdict.NAME_CLASH,
        ["The name already belongs to a customer paired with Oak Hills in QuickBooks."],
    )


def test_an_employees_name_is_a_clash(books, business):
    business.company("Ann Lee")
    books.vendor("ANN LEE", ListEntry.Kind.EMPLOYEE)

    refresh(books)

    assert Suggestion.objects.get().reasons == ["The name already belongs to an employee in QuickBooks."]


def test_a_company_with_a_likely_match_needs_pairing_before_it_is_created(books, business):
    company = business.company("Oak Hills LLC")
    posting = books.posting(company, RecordKind.COMPANY, State.READY)
    books.choose(hold_for_approval=False)
    books.customer("Oak Hills Inc")

    refresh(books)

    assert state(posting) is State.NEEDS_PAIRING


def test_suggestions_of_one_contractor_never_meet_customers_of_another(books, another_books, business):
    business.company("Oak Hills")
    another_books.customer("Oak Hills")

    refresh(books)
    refresh(another_books)

    assert Suggestion.objects.count() == 0


def test_only_what_changed_is_compared_again(books, business, at_most):
    business.company("Oak Hills")
    books.customer("Oak Hills")
    operations.refresh_changed(company_file=books.company_file, now=books.now + HOUR)

    with at_most(8):
        operations.refresh_changed(company_file=books.company_file, now=books.now + 2 * HOUR)

    assert suggested(books) == [("Oak Hills", "Oak Hills", Verdict.CERTAIN)]


# -- pairing -------------------------------------------------------------------------------------------------------


def test_pairing_sets_free_what_waited_for_it(books, business):
    books.choose(hold_for_approval=False, work_goes="never")
    invoice = business.invoice(business.ticket(business.company("Oak Hills")))
    posting = books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING)

    pairing = pair(books, invoice.bill_to, books.customer("Oak Hills"))

    assert (pairing.how, state(posting)) == (Pairing.How.BY_HAND, State.READY)


def test_pairing_fills_empty_sides_and_makes_conflicts_of_the_rest(books, business):
    company = business.company("Oak Hills", phone="512 555 0100", billing_city="Austin", email="a@oak.com")
    customer = books.customer("Oak Hills", phone="512 555 0199", state="TX", city="AUSTIN")

    pairing = pair(books, company, customer)

    company.refresh_from_db()
    assert (company.billing_state, company.phone, company.billing_city) == ("TX", "512 555 0100", "Austin")
    assert list(Conflict.objects.values_list("field", "ours", "theirs")) == [
        ("phone", "512 555 0100", "512 555 0199")
    ]
    assert {field: value for field, value in pairing.agreed.items() if value} == {
        "name": "Oak Hills",
        "billing_city": "Austin",
        "billing_state": "TX",
    }
    assert pairing.agreed["email"] == ""  # ours is still to be sent


def test_spelling_is_no_conflict(books, business):
    company = business.company("Oak Hills, Inc.", phone="(512) 555-0100", billing_street="1 Main Street")
    customer = books.customer(
        "Oak Hills", company_name="OAK HILLS INC", phone="512-555-0100", street="1 Main St."
    )

    pair(books, company, customer)

    company.refresh_from_db()
    assert (company.name, company.phone, company.billing_street, company.revision) == (
        "Oak Hills, Inc.",
        "(512) 555-0100",
        "1 Main Street",
        1,
    )
    assert not Conflict.objects.exists()


def test_nothing_is_taken_over_when_company_changes_are_not_wanted(books, business):
    books.choose(company_changes_in=False)
    company = business.company("Oak Hills")

    pair(books, company, books.customer("Oak Hills", phone="512 555 0199"))

    company.refresh_from_db()
    assert (company.phone, company.revision) == ("", 1)


def test_a_customer_that_is_somebody_already_is_refused_by_name(books, business):
    customer = books.paired(business.company("Oak Hills")).customer

    with pytest.raises(operations.CustomerAlreadyPaired) as refusal:
        pair(books, business.company("Elm Dental"), customer)

    assert refusal.value.sentence == (
        "Oak Hills in QuickBooks is already paired with Oak Hills. Unpair them first."
    )


def test_a_company_that_is_somebody_already_is_refused_by_name(books, business):
    company = books.paired(business.company("Oak Hills")).company

    with pytest.raises(operations.CompanyAlreadyPaired):
        pair(books, company, books.customer("Elm Dental"))


def test_a_job_is_no_customer(books, business):
    job = books.customer("1001", full_name="Oak Hills:1001", sublevel=1)

    with pytest.raises(operations.JobIsNoCustomer):
        pair(books, business.company(), job)


def test_a_deleted_customer_cannot_be_paired(books, business):
    with pytest.raises(operations.CustomerIsDeleted):
        pair(books, business.company(), books.customer("Oak Hills", is_deleted=True))


def test_another_contractors_customer_does_not_exist_here(books, another_books, business):
    with pytest.raises(OfAnotherContractor) as refusal:
        pair(books, business.company(), another_books.customer("Oak Hills"))

    assert refusal.value.sentence == "There is no such QuickBooks customer here."


def test_another_contractors_company_does_not_exist_here(books, another_business):
    with pytest.raises(OfAnotherContractor):
        pair(books, another_business.company(), books.customer("Oak Hills"))


def test_a_company_just_sent_is_not_paired_before_quickbooks_answered(books, business):
    company = business.company("Oak Hills")
    books.posting(company, RecordKind.COMPANY, State.SENT)

    with pytest.raises(operations.AnswerIsAwaited) as refusal:
        pair(books, company, books.customer("Oak Hills"))

    assert refusal.value.sentence == (
        "1 record was sent for Oak Hills and QuickBooks has not answered yet. Let the Web Connector run once, "
        "then try again."
    )


def test_pairing_one_makes_the_other_candidate_certain(books, business):
    first, second = business.company("Oak Hills"), business.company("Oak Hills", phone="512 555 0100")
    customer = books.customer("Oak Hills")
    other = books.customer("Oak Hills South", company_name="Oak Hills", phone="512 555 0100")
    refresh(books)

    pair(books, first, customer)

    assert Suggestion.objects.filter(company=second, verdict=Verdict.CERTAIN).get().customer == other


# -- undoing -------------------------------------------------------------------------------------------------------


def test_unpairing_lets_what_has_not_left_wait_again(books, business):
    invoice = business.invoice()
    books.paired(invoice.bill_to)
    posting = books.posting(invoice, RecordKind.INVOICE, State.READY)

    operations.unpair(company_file=books.company_file, company=invoice.bill_to, now=books.now)

    assert state(posting) is State.NEEDS_PAIRING
    assert not Pairing.objects.exists()


def test_unpairing_is_refused_while_an_answer_is_awaited(books, business):
    invoice = business.invoice()
    books.paired(invoice.bill_to)
    books.posting(invoice, RecordKind.INVOICE, State.UNKNOWN)

    with pytest.raises(operations.AnswerIsAwaited):
        operations.unpair(company_file=books.company_file, company=invoice.bill_to, now=books.now)


def test_what_was_never_paired_cannot_be_unpaired(books, business):
    with pytest.raises(operations.NotPaired):
        operations.unpair(company_file=books.company_file, company=business.company(), now=books.now)


def test_an_undone_pairing_is_not_accepted_again_by_itself_but_can_be_made_by_hand(books, business):
    company, customer = business.company("Oak Hills"), books.customer("Oak Hills")
    pair(books, company, customer)
    operations.unpair(company_file=books.company_file, company=company, now=books.now)

    accepted = operations.accept_certain(company_file=books.company_file, now=books.now)
    pair(books, company, customer)

    assert accepted == 0
    assert Pairing.objects.get().customer == customer
    assert not Suggestion.objects.exists()


# -- creating there ------------------------------------------------------------------------------------------------


def create_there(books, company):
    return operations.create_there(company_file=books.company_file, company=company, now=books.now)


def test_a_company_nobody_there_resembles_is_created_on_request(books, business):
    company = business.company("Oak Hills")

    posting = create_there(books, company)

    assert (posting.company, posting.state, posting.approved_at) == (company, State.READY, books.now)


def test_creating_is_refused_while_a_likely_match_is_unreviewed(books, business):
    company = business.company("Oak Hills LLC")
    books.customer("Oak Hills Inc")

    with pytest.raises(operations.LikelyMatchUnreviewed) as refusal:
        create_there(books, company)

    assert refusal.value.sentence == (
        "Oak Hills LLC may be Oak Hills Inc in QuickBooks. Pair them, or say that they are not the same; then it can "
        "be created."
    )


def test_a_reviewed_match_does_not_stand_in_the_way(books, business):
    company, customer = business.company("Oak Hills LLC"), books.customer("Oak Hills Inc")
    operations.not_the_same(
        company_file=books.company_file, company=company, customer=customer, now=books.now
    )

    assert create_there(books, company).state == State.READY


def test_a_name_clash_does_not_stand_in_the_way_of_creating_under_another_name(books, business):
    company = business.company("Oak Hills")
    books.vendor("Oak Hills")

    posting = create_there(books, company)

    [row] = queries.rows(books.company_file, [company])
    assert (posting.state, row.proposed_name) == (State.READY, "Oak Hills (2)")


def test_a_paired_company_is_not_created_again(books, business):
    company = books.paired(business.company("Oak Hills")).company

    with pytest.raises(operations.CompanyAlreadyPaired):
        create_there(books, company)


def test_nothing_is_created_before_the_customers_were_read(books, business):
    ReadMark.objects.all().delete()

    with pytest.raises(operations.CustomersNotReadYet):
        create_there(books, business.company())


# -- in bulk -------------------------------------------------------------------------------------------------------


def test_certain_matches_are_accepted_in_bulk_and_nothing_else(books, business):
    for name in ("Oak Hills", "Elm Dental", "Kensington Apartments LLC"):
        business.company(name)
    for name in ("Oak Hills", "Elm Dental", "Kensington Apartments Inc"):
        books.customer(name)

    accepted = operations.accept_certain(company_file=books.company_file, now=books.now)

    assert accepted == 2
    assert list(
        Pairing.objects.values_list("company__name", "customer__name", "how").order_by("company__name")
    ) == [
        ("Elm Dental", "Elm Dental", Pairing.How.CERTAIN),
        ("Oak Hills", "Oak Hills", Pairing.How.CERTAIN),
    ]
    assert operations.accept_certain(company_file=books.company_file, now=books.now) == 0


def test_accepting_many_costs_no_more_than_accepting_few(books, business, at_most):
    for number in range(60):
        business.company(f"Oak {number} Street Church")
        books.customer(f"Oak {number} Street Church")

    with at_most(45):
        assert operations.accept_certain(company_file=books.company_file, now=books.now) == 60


# -- conflicts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def conflict(books, business):
    company = business.company("Oak Hills", phone="512 555 0100")
    pair(books, company, books.customer("Oak Hills", phone="512 555 0199"))
    return Conflict.objects.get()


def test_keeping_ours_makes_it_the_companys_next_revision(books, conflict):
    conflicts.settle(conflict=conflict, choice=Conflict.Choice.OURS, now=books.now)

    pairing = Pairing.objects.get()
    assert (pairing.company.phone, pairing.company.revision, pairing.agreed["phone"]) == (
        "512 555 0100",
        2,
        "512 555 0199",
    )


def test_keeping_theirs_takes_it_over(books, conflict):
    conflicts.settle(conflict=conflict, choice=Conflict.Choice.THEIRS, now=books.now)

    pairing = Pairing.objects.get()
    assert (pairing.company.phone, pairing.agreed["phone"]) == ("512 555 0199", "512 555 0199")
    conflict.refresh_from_db()
    assert (conflict.choice, conflict.settled_at) == (Conflict.Choice.THEIRS, books.now)


def test_a_conflict_is_settled_once(books, conflict):
    conflicts.settle(conflict=conflict, choice=Conflict.Choice.OURS, now=books.now)

    with pytest.raises(conflicts.ConflictIsSettled):
        conflicts.settle(conflict=conflict, choice=Conflict.Choice.THEIRS, now=books.now)


def test_all_conflicts_may_be_settled_for_one_side(books, business, conflict):
    other = business.company("Elm Dental", email="a@elm.com", phone="512 555 0100")
    pair(books, other, books.customer("Elm Dental", email="b@elm.com", phone="512 555 0199"))

    settled = conflicts.settle_all(
        company_file=books.company_file, choice=Conflict.Choice.THEIRS, now=books.now
    )

    other.refresh_from_db()
    assert (settled, other.email, other.phone) == (3, "b@elm.com", "512 555 0199")
    assert not queries.open_conflicts(books.company_file)


def test_the_name_in_the_first_line_of_an_address_is_no_street(books, business):
    company = business.company("Oak Hills", billing_street="1 Main St")

    pair(books, company, books.customer("Oak Hills", street="OAK HILLS\n1 Main Street"))

    assert not Conflict.objects.exists()


def test_a_line_of_the_address_that_is_empty_here_is_emptied_there(books, business):
    company = business.company("Oak Hills", billing_street="1 Main St")
    books.paired(
        company,
        agreed={"name": "Oak Hills", "billing_street": "2 Elm St", "billing_street2": "Suite 4"},
    )
    posting = books.posting(company, RecordKind.COMPANY, State.READY)

    [prepared] = snapshot.prepare(books.company_file, [posting.pk])

    assert "<Addr2>1 Main St</Addr2><Addr3/>" in codec.write(prepared.message.body, version="13.0")


def test_conflicts_end_with_their_pairing(books, conflict):
    operations.unpair(company_file=books.company_file, company=conflict.company, now=books.now)

    assert not Conflict.objects.exists()


def test_nothing_of_a_company_in_dispute_is_sent(books, conflict):
    posting = books.posting(conflict.company, RecordKind.COMPANY, State.READY)

    [prepared] = snapshot.prepare(books.company_file, [posting.pk])

    assert (prepared.blocked.code, prepared.blocked.facts) == ("conflict-open", {"fields": "phone"})


def test_a_company_stopped_for_a_conflict_goes_on_when_it_is_settled(books, conflict):
    books.choose(hold_for_approval=False)
    posting = books.posting(
        conflict.company, RecordKind.COMPANY, State.REFUSED, refusal=conflicts.CONFLICT_OPEN
    )

    conflicts.settle(conflict=conflict, choice=Conflict.Choice.OURS, now=books.now)

    [prepared] = snapshot.prepare(books.company_file, [posting.pk])
    assert (state(posting), posting.refusal) == (State.READY, "")
    assert prepared.message.content == {"Phone": "512 555 0100"}


# -- what the page shows -------------------------------------------------------------------------------------------


def test_the_counts_tell_how_far_pairing_has_come(books, business):
    for name in ("Oak Hills", "Elm Dental LLC", "Ann Lee", "Kensington Apartments"):
        business.company(name)
    books.customer("Oak Hills")
    books.customer("Elm Dental Inc")
    books.vendor("Ann Lee")
    books.paired(customer=books.customer("Ash Bakery", is_deleted=True))
    refresh(books)

    assert counting.counts(books.company_file) == counting.Counts(
        paired=1,
        unpaired=4,
        certain=1,
        likely=1,
        name_clash=1,
        without=1,
        customers_left=2,
    )


def test_each_company_is_counted_once_and_where_its_row_stands(books, business):
    in_two_buckets = [
        {Verdict.CERTAIN, Verdict.LIKELY},
        {Verdict.LIKELY, Verdict.NAME_CLASH},
        {"coming", Verdict.CERTAIN},
        {"coming", Verdict.NAME_CLASH},
        {"coming"},
        {Verdict.NAME_CLASH},
        set(),
    ]
    companies = []
    for number, standings in enumerate([*in_two_buckets, {Verdict.CERTAIN}, {"coming"}, {Verdict.LIKELY}]):
        company = business.company(f"Oak {number} Church")
        companies.append(company)
        for standing in sorted(standings):
            if standing == "coming":
                books.posting(company, RecordKind.COMPANY, State.READY)
            else:
                customer = books.customer(f"{standing} {number}")
                Suggestion.objects.create(
                    company_file=books.company_file,
                    company=company,
                    customer=customer,
                    verdict=standing,
                    score=80,
                )
    refused, paired, inactive, billed = companies[1], companies[7], companies[9], companies[6]
    Suggestion.objects.filter(company=refused, verdict=Verdict.LIKELY).update(not_the_same=True)
    books.paired(paired, customer=books.customer("A pair that was suggested, too"))
    books.paired(companies[8], customer=books.customer("One that is no customer now", is_active=False))
    Company.objects.filter(pk__in=[inactive.pk, billed.pk]).update(is_active=False)
    books.posting(billed, RecordKind.COMPANY, State.NEEDS_PAIRING)

    counted = counting.counts(books.company_file)

    listed = {bucket: queries.unpaired(books.company_file, bucket=bucket).count() for bucket in Bucket}
    rows = queries.rows(books.company_file, list(queries.unpaired(books.company_file)))
    assert {bucket: getattr(counted, bucket) for bucket in Bucket} == listed
    assert Counter(row.bucket for row in rows) == {bucket: count for bucket, count in listed.items() if count}
    assert listed == {
        Bucket.CERTAIN: 2,
        Bucket.LIKELY: 0,
        Bucket.COMING: 2,
        Bucket.NAME_CLASH: 2,
        Bucket.WITHOUT: 1,
    }
    assert (counted.unpaired, counted.paired) == (7, 2)
    assert counted.customers_left == queries.customers(books.company_file).filter(is_active=True).count() == 9


def test_unpaired_bill_tos_are_listed_with_what_waits_for_them(books, business):
    invoice = business.invoice(amount="250.00")
    books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING, amount=invoice.total)
    books.posting(invoice.ticket, RecordKind.TICKET, State.NEEDS_PAIRING)
    books.posting(business.company("Elm Dental"), RecordKind.COMPANY, State.NEEDS_PAIRING)

    told = [
        (one.company.name, one.records, one.invoice_total)
        for one in queries.unpaired_bill_tos(books.company_file)
    ]

    assert told == [(invoice.bill_to.name, 2, invoice.total), ("Elm Dental", 0, 0)]


def test_a_page_of_rows_costs_the_same_however_long(books, business, at_most):
    companies = [business.company(f"Oak {number} Church") for number in range(40)]
    for number in range(40):
        books.customer(f"Oak {number} Church Inc")
        companies.append(business.company(f"Elm {number} School"))
        books.vendor(f"Elm {number} School")
    refresh(books)

    with at_most(8):
        rows = queries.rows(books.company_file, companies)

    assert {row.bucket for row in rows} == {Bucket.LIKELY, Bucket.NAME_CLASH}


def test_proposed_names_are_free_of_each_other_too(books, business):
    companies = [business.company("Oak Hills") for _ in range(3)]
    books.customer("OAK HILLS")

    names = queries.proposed_names(books.company_file, companies)

    assert list(names.values()) == ["Oak Hills (2)", "Oak Hills (3)", "Oak Hills (4)"]


# -- taking back -----------------------------------------------------------------------------------------------------


def test_a_pairing_made_by_a_slip_is_undone_and_suggested_again(books, business):
    company, customer = business.company("Oak Hills"), books.customer("Oak Hills")
    refresh(books)
    pair(books, company, customer)

    operations.undo_pairings(company_file=books.company_file, companies=[company.pk], now=books.now)

    assert suggested(books) == [("Oak Hills", "Oak Hills", Verdict.CERTAIN)]


def test_of_many_pairings_those_that_an_answer_is_awaited_for_stay(books, business):
    first, second = books.paired(business.company("Alder")), books.paired(business.company("Birch"))
    invoice = business.invoice(business.ticket(second.company))
    books.posting(invoice, RecordKind.INVOICE, State.SENT)
    companies = [first.company_id, second.company_id]

    undone = operations.undo_pairings(company_file=books.company_file, companies=companies, now=books.now)

    assert (undone, [pairing.company.name for pairing in Pairing.objects.all()]) == (1, ["Birch"])


def test_not_the_same_is_taken_back(books, business):
    company, customer = business.company("Oak Hills"), books.customer("Oak Hills")
    both = {"company_file": books.company_file, "company": company, "customer": customer, "now": books.now}
    operations.not_the_same(**both)

    operations.take_back_not_the_same(**both)

    assert suggested(books) == [("Oak Hills", "Oak Hills", Verdict.CERTAIN)]


def test_what_was_asked_to_be_created_can_be_taken_back_before_it_left(books, business):
    invoice = business.invoice()
    company = invoice.bill_to
    waiting = books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING, amount=invoice.total)
    create_there(books, company)
    assert state(waiting) == State.WAITING

    operations.withdraw_creation(company_file=books.company_file, company=company, now=books.now)

    assert state(waiting) == State.NEEDS_PAIRING
    assert not Posting.objects.filter(company=company).exists()


def test_a_company_that_goes_by_itself_is_held_when_its_creation_is_taken_back(books, business):
    company = business.company()
    posting = books.posting(company, RecordKind.COMPANY, State.HELD, created_at=books.now - HOUR)
    create_there(books, company)

    operations.withdraw_creation(company_file=books.company_file, company=company, now=books.now)

    assert state(posting) == State.HELD


def test_a_company_that_has_left_cannot_be_taken_back(books, business):
    company = business.company()
    books.posting(company, RecordKind.COMPANY, State.SENT, approved_at=books.now)

    with pytest.raises(outbox.NotAskedFor):
        operations.withdraw_creation(company_file=books.company_file, company=company, now=books.now)


# -- bringing in -----------------------------------------------------------------------------------------------------


def test_a_customer_is_brought_in_as_a_company_and_paired(books):
    customer = books.customer("Oak Hills", phone="512 555 0100", city="Austin")

    pairing = operations.bring_in(company_file=books.company_file, customer=customer, now=books.now)

    company = pairing.company
    assert (company.name, company.phone, company.billing_city, pairing.how) == (
        "Oak Hills",
        "512 555 0100",
        "Austin",
        Pairing.How.BROUGHT_IN,
    )


def test_a_customer_that_is_somebody_already_is_not_brought_in_again(books):
    customer = books.paired().customer

    with pytest.raises(operations.CustomerAlreadyPaired):
        operations.bring_in(company_file=books.company_file, customer=customer, now=books.now)


# -- what the page shows ---------------------------------------------------------------------------------------------


def test_a_company_stands_in_one_bucket_only(books, business):
    business.company("Oak Hills")
    books.customer("Oak Hills")
    business.company("Elm Dental")
    books.vendor("Elm Dental")
    business.company("Nobody there")
    create_there(books, business.company("On its way"))
    refresh(books)

    found = {
        bucket: [company.name for company in queries.unpaired(books.company_file, bucket=bucket)]
        for bucket in Bucket
    }

    assert found == {
        Bucket.CERTAIN: ["Oak Hills"],
        Bucket.LIKELY: [],
        Bucket.COMING: ["On its way"],
        Bucket.NAME_CLASH: ["Elm Dental"],
        Bucket.WITHOUT: ["Nobody there"],
    }


def test_who_holds_up_invoices_comes_first(books, business):
    business.company("Alder")
    invoice = business.invoice(business.ticket(business.company("Zebra")), amount="250.00")
    books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING, amount=invoice.total)
    books.posting(invoice.ticket, RecordKind.TICKET, State.NEEDS_PAIRING)

    companies = list(queries.unpaired(books.company_file))

    rows = queries.rows(books.company_file, companies)
    assert [(row.company.name, row.waits) for row in rows] == [
        ("Zebra", queries.Waits(records=2, invoices=1, invoice_total=invoice.total)),
        ("Alder", None),
    ]


def test_one_companys_conflicts_are_settled_at_once(books, business):
    first, second = books.paired(business.company("Alder")), books.paired(business.company("Birch"))
    for pairing in (first, second):
        Conflict.objects.create(
            company_file=books.company_file, company=pairing.company, field="phone", found_at=books.now
        )

    settled = conflicts.settle_all(
        company_file=books.company_file,
        choice=Conflict.Choice.OURS,
        company=first.company,
        now=books.now,
    )

    assert (settled, [str(each) for each in queries.open_conflicts(books.company_file)]) == (
        1,
        ["Birch: phone"],
    )


@pytest.mark.parametrize(
    ("situation", "expected"), [("unpaired", True), ("paired", False), ("coming", False)]
)
def test_a_company_must_be_paired_unless_it_is_or_will_be_there(
    books, business, situation, expected, at_most
):
    company = business.company()
    if situation == "paired":
        books.paired(company)
    if situation == "coming":
        create_there(books, company)

    with at_most(1):
        assert queries.must_be_paired(company) is expected


def test_nobody_must_be_paired_without_an_integration(business):
    assert queries.must_be_paired(business.company()) is False
