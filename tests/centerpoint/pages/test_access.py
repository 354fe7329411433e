"""Who may see what, by contractor and role."""

from django.test import Client


def test_who_is_not_signed_in_is_asked_to(business):
    answer = Client().get(f"/c/{business.contractor.pk}/companies/")

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/login/")


def test_another_contractors_pages_are_not_there(bookkeeper, another_business):
    assert bookkeeper.get(f"/c/{another_business.contractor.pk}/companies/").status_code == 404


def test_the_start_leads_to_ones_own_contractor(bookkeeper):
    assert bookkeeper.get("/").url == bookkeeper.base


def test_who_belongs_to_nobody_is_told(bookkeeper):
    bookkeeper.user.memberships.all().delete()

    answer = bookkeeper.get("/")

    assert answer.status_code == 403
    assert "Ask an owner" in answer.content.decode()


def test_a_page_may_load_nothing_from_elsewhere(bookkeeper):
    assert bookkeeper.open().headers["Content-Security-Policy"].startswith("default-src 'self'")
