from decimal import Decimal

import pytest

from centerpoint.billing.models import TaxCode
from centerpoint.contractor_setup import set_up_contractor
from centerpoint.contractors import operations, queries
from centerpoint.contractors.fields import FieldsRefused
from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.work.models import ProjectStage

PASSWORD = "correct horse 42"


def create(now, **fields):
    owner = {"owner_email": "Owner@Acme.example", "owner_password": PASSWORD}
    return operations.create_contractor(**{"name": "Acme", "now": now, **owner, **fields})


def test_a_new_contractor_has_an_owner_who_can_sign_in(db, now):
    contractor = create(now, owner_name="Pat", time_zone="America/Chicago")

    owner = User.objects.get()
    assert (owner.email, owner.name, owner.check_password(PASSWORD)) == ("owner@acme.example", "Pat", True)
    assert queries.role_of(owner, contractor) is Role.OWNER
    assert list(queries.contractors_of(owner)) == [contractor]


def test_a_contractor_is_set_up_with_project_stages_and_its_tax(db, now):
    contractor = set_up_contractor(
        name="Acme",
        owner_email="o@acme.example",
        owner_password=PASSWORD,
        now=now,
        tax_percent=Decimal("8.25"),
    )

    stages = ProjectStage.objects.filter(contractor=contractor).values_list("name", "progress")
    assert list(stages)[:1] + list(stages)[-2:] == [
        ("Estimating", "pending"),
        ("Finished", "closed"),
        ("Not awarded", "lost"),
    ]
    assert list(TaxCode.objects.values_list("title", "percent")) == [("Sales tax", Decimal("8.25"))]


def test_a_contractors_name_is_his_own(db, now):
    create(now)

    with pytest.raises(operations.ContractorNameTaken) as refused:
        create(now, owner_email="other@acme.example")

    assert refused.value.sentence == "There is already a contractor named Acme; choose another name."


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("name", " ", FieldsRefused),
        ("owner_email", "nobody", FieldsRefused),
        ("owner_password", "short", operations.PasswordRefused),
        ("owner_password", "password123", operations.PasswordRefused),
        ("time_zone", "Mars/Olympus", operations.UnknownTimeZone),
        ("tax_percent", Decimal("100.01"), operations.NotAPercentage),
        ("tax_percent", Decimal("-1"), operations.NotAPercentage),
        ("payment_days", -1, FieldsRefused),
    ],
)
def test_a_contractor_that_cannot_be_is_refused_and_leaves_nothing_behind(db, now, field, value, refusal):
    with pytest.raises(refusal) as refused:
        create(now, **{field: value})

    assert refused.value.sentence
    assert (Contractor.objects.count(), User.objects.count()) == (0, 0)


def test_an_owner_of_two_contractors_signs_in_with_one_password(db, now):
    create(now)
    create(now, name="Better Roofs")

    assert [str(one) for one in queries.contractors_of(User.objects.get())] == ["Acme", "Better Roofs"]


def test_a_second_contractor_never_replaces_the_password_of_somebody_who_is_there(db, now):
    create(now)

    with pytest.raises(operations.SignsInAlready):
        create(now, name="Better Roofs", owner_password="another password 7")

    assert User.objects.get().check_password(PASSWORD)
    assert Contractor.objects.count() == 1


def test_a_bookkeeper_is_let_in_once_and_may_become_owner(db, now):
    contractor = create(now)
    invitation = {"contractor": contractor, "email": "bo@acme.example", "password": PASSWORD, "now": now}
    membership = operations.add_user(**invitation, role=Role.BOOKKEEPER)

    with pytest.raises(operations.AlreadyAMember):
        operations.add_user(**invitation, role=Role.OWNER)
    operations.change_role(membership=membership, role=Role.OWNER, now=now)

    assert list(queries.members(contractor).values_list("user__email", "role")) == [
        ("bo@acme.example", "owner"),
        ("owner@acme.example", "owner"),
    ]


def test_the_last_owner_stays_owner(db, now):
    create(now)
    owner = Membership.objects.get()

    with pytest.raises(operations.LastOwner):
        operations.change_role(membership=owner, role=Role.BOOKKEEPER, now=now)
    with pytest.raises(operations.LastOwner):
        operations.remove_user(membership=owner, now=now)

    assert Membership.objects.get().role == Role.OWNER


def test_who_is_removed_may_do_nothing_there_any_more(db, now):
    contractor = create(now)
    membership = operations.add_user(
        contractor=contractor, email="t@acme.example", password=PASSWORD, role=Role.TECHNICIAN, now=now
    )

    operations.remove_user(membership=membership, now=now)

    assert queries.role_of(User.objects.get(email="t@acme.example"), contractor) is None


def test_settings_of_a_contractor_are_changed_together_or_not_at_all(db, now):
    contractor = create(now)

    with pytest.raises(operations.UnknownTimeZone):
        operations.change_contractor(contractor=contractor, now=now, city="Austin", time_zone="Nowhere")
    operations.change_contractor(contractor=contractor, now=now, payment_terms="Net 15", payment_days=15)

    contractor.refresh_from_db()
    assert (contractor.city, contractor.payment_terms, contractor.payment_days) == ("", "Net 15", 15)


def test_a_new_password_replaces_the_old_one(db, now):
    create(now)
    user = User.objects.get()

    with pytest.raises(operations.PasswordRefused):
        operations.change_password(user=user, password="12345")
    operations.change_password(user=user, password="a better horse 43")

    assert User.objects.get().check_password("a better horse 43")
