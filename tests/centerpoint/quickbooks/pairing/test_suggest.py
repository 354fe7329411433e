"""Who may be whom. Certain must be safe; likely must be seen; the rest must stay quiet."""

import random
import time

import pytest

from centerpoint.quickbooks.pairing import suggest
from centerpoint.quickbooks.pairing.suggest import Holder, Verdict
from centerpoint.quickbooks.pairing.traits import Party, name_of, phone_of, street_of

COMPANY, CUSTOMER = 1, 100


def verdicts(companies, customers, **known):
    """(company, customer, verdict) of everything proposed."""
    proposals = suggest.suggest(companies, customers, holders=known.pop("holders", {}), **known)
    return [(proposal.company, proposal.customer, proposal.verdict) for proposal in proposals]


def one(company, customer):
    """What is proposed for one company and one customer, or None."""
    proposals = suggest.suggest(
        [Party(key=COMPANY, **company)], [Party(key=CUSTOMER, **customer)], holders={}
    )
    return proposals[0] if proposals else None


def test_the_same_name_with_nothing_against_it_is_certain():
    proposal = one({"name": "Riverside Church"}, {"name": "RIVERSIDE CHURCH"})

    assert (proposal.verdict, proposal.reasons) == (Verdict.CERTAIN, ("The names are the same.",))


def test_the_same_name_spelled_otherwise_is_certain_only_with_something_else_in_common():
    ours, theirs = "Smith & Sons Roofing, L.L.C.", "Roofing Smith and Sons LLC"
    phone = {"phone": "(512) 555-0100"}

    alone = one({"name": ours}, {"name": theirs})
    with_phone = one({"name": ours, **phone}, {"name": theirs, "phone": "512.555.0100 x12"})

    assert (alone.verdict, with_phone.verdict) == (Verdict.LIKELY, Verdict.CERTAIN)
    assert with_phone.reasons == (
        "The names are the same but for spelling, word order or legal form.",
        "Both have the phone number 512.555.0100 x12.",
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "reason"),
    [
        ({"phone": "512 555 0100"}, {"phone": "512 555 0199"}, "The phone numbers differ."),
        (
            {"email": "ap@oak.com"},
            {"email": "ap@elm.com"},
            "The e-mail addresses are at different domains.",
        ),
        ({"street": "1 Oak St"}, {"street": "2 Elm St"}, "The addresses differ."),
    ],
)
def test_what_differs_beside_the_same_name_takes_the_certainty_away(ours, theirs, reason):
    proposal = one({"name": "Oak Hills", **ours}, {"name": "Oak Hills", **theirs})

    assert (proposal.verdict, proposal.reasons[-1]) == (Verdict.LIKELY, reason)


def test_two_legal_forms_are_two_businesses_until_somebody_looked():
    assert one({"name": "Oak Hills LLC"}, {"name": "Oak Hills Inc."}).verdict == Verdict.LIKELY


def test_mailboxes_at_a_provider_say_nothing():
    proposal = one(
        {"name": "Oak Hills", "email": "oak@gmail.com"}, {"name": "Oak Hills", "email": "hills@yahoo.com"}
    )

    assert (proposal.verdict, proposal.reasons) == (Verdict.CERTAIN, ("The names are the same.",))


def test_two_equally_good_customers_are_never_certain():
    company = Party(key=1, name="Oak Hills", phone="512 555 0100")
    first = Party(key=100, name="Oak Hills", phone="512 555 0100")
    second = Party(key=101, name="Oak Hills Inc", phone="512 555 0100")

    assert verdicts([company], [first, second]) == [(1, 100, Verdict.LIKELY), (1, 101, Verdict.LIKELY)]


def test_two_companies_that_fit_one_customer_are_never_certain():
    companies = [Party(key=1, name="Oak Hills"), Party(key=2, name="Oak Hills")]

    assert verdicts(companies, [Party(key=100, name="Oak Hills")]) == [
        (1, 100, Verdict.LIKELY),
        (2, 100, Verdict.LIKELY),
    ]


def test_an_inactive_customer_is_never_certain():
    proposal = one({"name": "Oak Hills"}, {"name": "Oak Hills", "is_active": False})

    assert (proposal.verdict, proposal.reasons[-1]) == (
        Verdict.LIKELY,
        "The customer is inactive in QuickBooks.",
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Kensington Apartments", "Kensingtn Apts"),
        ("Saint Mary's Hospital", "St Marys Hosp."),
        ("Müller Bäckerei", "Muller Backerey"),
        ("Northgate Shopping Center", "Northgate Shoping Centre"),
    ],
)
def test_a_slip_of_the_pen_is_likely(ours, theirs):
    assert one({"name": ours}, {"name": theirs}).verdict == Verdict.LIKELY


def test_a_name_quickbooks_had_no_room_for_is_recognised():
    ours = "First Presbyterian Church of the Western Hill Country"

    proposal = one({"name": ours, "email": "a@b.org"}, {"name": ours[:41].strip(), "email": "a@b.org"})

    assert (proposal.verdict, proposal.reasons[0]) == (
        Verdict.CERTAIN,
        "The names are the same as far as QuickBooks has room.",
    )


def test_the_company_name_behind_a_persons_name_is_recognised():
    proposal = one(
        {"name": "Oak Hills Dental", "phone": "512 555 0100"},
        {"name": "Smith, John", "company_name": "Oak Hills Dental", "phone": "512 555 0100"},
    )

    assert proposal.verdict == Verdict.CERTAIN


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("City of Austin", "City of Boston"),
        ("First Baptist Church", "First Methodist Church"),
        ("Store 12", "Store 14"),
        ("Oak Hills Phase II", "Oak Hills Phase III"),
        ("Lincoln School", "Lincoln Storage"),
    ],
)
def test_different_businesses_are_not_suggested(ours, theirs):
    assert one({"name": ours}, {"name": theirs}) is None


def test_neighbours_with_one_manager_are_not_certain():
    manager = {
        "phone": "512 555 0100",
        "email": "office@manager.com",
        "street": "1 Main St",
        "city": "Austin",
    }

    proposal = one({"name": "Oak Hills 12", **manager}, {"name": "Oak Hills 14", **manager})

    assert proposal is None or proposal.verdict == Verdict.LIKELY


def test_a_rejected_pair_is_not_proposed_again():
    companies, customers = [Party(key=1, name="Oak Hills")], [Party(key=100, name="Oak Hills")]

    assert verdicts(companies, customers, rejected={(1, 100)}) == []


def test_a_name_that_a_vendor_bears_is_a_clash():
    proposals = suggest.suggest(
        [Party(key=1, name="Oak Hills: Dental")],
        [],
        holders={"oak hills - dental": Holder(what="vendor", entry=7)},
    )

    assert [(p.verdict, p.clash, p.reasons) for p in proposals] == [
        (Verdict.NAME_CLASH, 7, ("The name already belongs to a vendor in QuickBooks.",))
    ]


def test_the_bearer_of_the_name_that_is_suggested_himself_is_no_clash():
    holders = {"oak hills": Holder(what="customer", customer=100)}

    assert verdicts(
        [Party(key=1, name="Oak Hills")], [Party(key=100, name="Oak Hills")], holders=holders
    ) == [(1, 100, Verdict.CERTAIN)]


def test_a_score_is_never_above_a_hundred():
    everything = {
        "name": "Oak Hills",
        "phone": "512 555 0100",
        "email": "a@oak.com",
        "street": "1 Main Street",
        "city": "Austin",
        "postal_code": "78701",
    }

    assert one(everything, everything | {"street": "Oak Hills\n1 Main St."}).score == 100


def test_news_concerns_who_resembles_it_or_wants_its_name():
    companies = [Party(key=1, name="Oak Hills"), Party(key=2, name="Elm"), Party(key=3, name="Kensington")]

    assert suggest.affected(companies, [Party(key=100, name="Oak Hils")], {"elm"}) == {1, 2}


def test_names_are_compared_without_their_spelling():
    name = name_of("The St. Mary's Property Mgmt. Co., Inc.")

    assert (name.joined, name.legal_forms) == ("management marys property st", {"co", "inc"})


def test_a_name_of_nothing_but_small_words_is_still_a_name():
    assert name_of("The Company").joined == "co"
    assert name_of("").joined == ""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("(512) 555-0100", "+15125550100"),
        ("1-512-555-0100 ext. 4", "+15125550100"),
        ("+44 20 7946 0958", "+442079460958"),
        ("555-0100", ""),
        ("ask for Joe", ""),
        ("", ""),
    ],
)
def test_phone_numbers_are_compared_in_international_form(text, number):
    assert phone_of(text) == number


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Acme Roofing\n12 North Main Street\nSuite 4", "12 n main"),
        ("P.O. Box 99", "box 99"),
        ("Rural Route", ""),
    ],
)
def test_a_street_is_found_behind_the_name(text, street):
    assert street_of(text) == street


def test_a_daily_users_lists_are_compared_well_within_two_seconds():
    chance = random.Random(7)
    kinds = ["Church", "School", "Apartments", "Storage", "Dental", "Bakery"]

    def party(key):
        word = "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(4))
        name = f"{word} {chance.choice(kinds)} {chance.choice(['LLC', ''])}"
        return Party(key=key, name=name, phone=f"512{chance.randint(2000000, 9999999)}")

    companies, customers = [party(key) for key in range(650)], [party(key) for key in range(1000, 1700)]

    began = time.process_time()
    suggest.suggest(companies, customers, holders={})
    assert time.process_time() - began < 2
