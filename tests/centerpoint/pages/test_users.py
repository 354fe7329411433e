"""Who an owner lets in, and as what."""

import re

from django.test import Client

from centerpoint.contractors.models import Membership, Role, User
from centerpoint.contractors.queries import changes

NEW = {"name": "Bo Parker", "email": "bo@example.com", "role": "technician"}


def told(business):
    return [(change.did, change.title) for change in changes(business.contractor)]


def member(business, email="bo@example.com"):
    return Membership.objects.get(contractor=business.contractor, user__email=email)


def test_a_new_user_gets_a_password_that_is_shown_once_and_works(owner, business):
    answer = owner.send("users/", **NEW)

    password = re.search(r'readonly value="([^"]+)"', answer.content.decode())[1]
    assert User.objects.get(email="bo@example.com").check_password(password)
    assert member(business).role == Role.TECHNICIAN
    assert told(business)[0] == ("Added as technician", "Bo Parker")
    assert password not in owner.open("users/").content.decode()


def test_a_weak_first_password_is_refused(owner):
    answer = owner.send("users/", **NEW, password="short")

    assert answer.status_code == 422
    assert "Choose another password" in answer.content.decode()


def test_a_role_is_changed_and_told(owner, business):
    owner.send("users/", **NEW)

    owner.send(f"users/{member(business).pk}/role/", role="bookkeeper")

    assert member(business).role == Role.BOOKKEEPER
    assert told(business)[0] == ("Role changed from Technician to Bookkeeper", "Bo Parker")


def test_the_last_owner_cannot_remove_himself(owner, business):
    pk = member(business, "owner@example.com").pk
    business.contractor.memberships.exclude(pk=pk).filter(role=Role.OWNER).delete()

    answer = owner.post(f"{owner.base}users/{pk}/remove/", follow=True)

    assert "is the only owner" in answer.content.decode()


def test_who_is_removed_finds_nothing_any_more(owner, business):
    owner.send("users/", **NEW)
    bo = Client()
    bo.force_login(User.objects.get(email="bo@example.com"))

    owner.send(f"users/{member(business).pk}/remove/")

    assert bo.get(owner.base).status_code == 404


def test_the_password_of_who_works_elsewhere_too_is_not_an_owners_to_change(
    owner, business, another_business
):
    owner.send("users/", **NEW)
    Membership.objects.create(
        contractor=another_business.contractor, user=User.objects.get(email="bo@example.com"), role="owner"
    )

    answer = owner.post(f"{owner.base}users/{member(business).pk}/password/", follow=True)

    assert "signs in at another business" in answer.content.decode()


def test_only_owners_see_users(bookkeeper, technician):
    assert (bookkeeper.open("users/").status_code, technician.open("users/").status_code) == (403, 403)


def test_a_user_of_another_contractor_is_not_there(owner, another_business):
    carl = User.objects.create_user("carl@example.com")
    theirs = Membership.objects.create(contractor=another_business.contractor, user=carl, role="technician")

    assert owner.send(f"users/{theirs.pk}/role/", role="owner").status_code == 404
