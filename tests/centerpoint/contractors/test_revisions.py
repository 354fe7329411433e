import datetime as dt

import pytest

from centerpoint.companies.models import Company
from centerpoint.contractors.revisions import StaleRevision, revise


def later(now):
    return now + dt.timedelta(hours=1)


def test_a_change_is_the_next_revision_with_its_time(business, now):
    company = business.company("Acme", phone="1")

    assert revise(company, now=later(now), phone="2")

    assert Company.objects.filter(pk=company.pk).values_list("revision", "changed_at", "phone").get() == (
        2,
        later(now),
        "2",
    )


def test_saving_the_same_again_is_no_revision(business, now):
    company = business.company("Acme", phone="1")

    assert not revise(company, now=later(now), phone="1")

    assert (company.revision, company.changed_at) == (1, now)


def test_a_change_kept_beside_the_record_counts_although_its_own_fields_are_the_same(business, now):
    company = business.company("Acme")

    assert revise(company, now=later(now), beside=True)

    assert (company.revision, company.changed_at) == (2, later(now))


def test_who_had_an_older_revision_before_his_eyes_is_told_and_changes_nothing(business, now):
    company = business.company("Acme", phone="1")
    seen_by_both = company.revision
    revise(Company.objects.get(), now=now, expected=seen_by_both, phone="2")

    with pytest.raises(StaleRevision) as refused:
        revise(company, now=now, expected=seen_by_both, phone="3")

    assert Company.objects.get().phone == "2"
    assert refused.value.sentence == (
        "Acme was changed by somebody else (revision 2, you had 1). Look at their change, then save yours again."
    )


def test_an_old_copy_of_a_record_does_not_undo_what_others_changed(business, now):
    old_copy = business.company("Acme", phone="1", email="a@acme.example")
    revise(Company.objects.get(), now=now, phone="2")

    revise(old_copy, now=now, email="b@acme.example")

    assert Company.objects.values_list("phone", "email", "revision").get() == ("2", "b@acme.example", 3)
    assert old_copy.phone == "2"
