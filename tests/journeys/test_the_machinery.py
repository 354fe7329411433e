"""The browser, the server and the office PC of the journeys can be relied on: each watch bites."""

import pytest
from django.utils import timezone

from centerpoint.companies.operations import create_company
from centerpoint.contractors.models import Contractor
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, QuickBooksCustomer
from centerpoint.quickbooks.webconnector.qwc import SUPPORT_PATH
from journeys.browsing import PHONE, Watch, check_fits

MISSING = "/there-is-no-such-page"


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<script>console.error('broken')</script>", "console error: broken"),
        ("<script>throw new Error('broken')</script>", "script error: broken"),
        (
            "<img alt='' src='http://cdn.invalid/logo.png'>",
            "request to another host: http://cdn.invalid/logo.png",
        ),
    ],
)
def test_what_a_page_does_wrong_fails_its_journey(page, watch, html, problem):
    page.goto(SUPPORT_PATH)
    page.set_content(html)
    page.wait_for_timeout(200)

    assert any(problem in each for each in watch.problems), watch.problems
    with pytest.raises(AssertionError):
        watch.check()
    watch.problems.clear()


def test_a_problem_that_a_test_provokes_is_expected_by_name(page, watch):
    watch.expect("status of 404")

    page.goto(MISSING)


def test_a_problem_that_is_expected_and_never_comes_fails_the_journey():
    watch = Watch("http://localhost:1")
    watch.expect("status of 404")

    with pytest.raises(AssertionError, match="never seen"):
        watch.check()


def test_axe_names_rule_impact_place_and_help(page, axe):
    page.set_content("<html lang=en><title>Form</title><main><h1>Form</h1><input id=amount></main>")

    with pytest.raises(AssertionError) as refusal:
        axe(page)

    assert "label (critical): Form elements must have labels\n    #amount" in str(refusal.value)


def test_a_page_that_is_wider_than_a_phone_is_refused(page):
    page.set_viewport_size(PHONE)
    page.set_content("<table style='width: 700px'><tr><td>wide</table>")

    with pytest.raises(AssertionError, match="<table style"):
        check_fits(page)


def test_browser_office_pc_and_test_share_one_database(page, server, contractor, pc):
    activation = connection.activate(contractor=contractor, url=server, now=timezone.now())
    pc.add_application(connection.qwc_file(activation.company_file), password=activation.password)

    outcomes = [update.outcome for update in pc.update_until_idle()]

    assert outcomes[-1] == "no_data"
    assert set(outcomes) == {"finished", "no_data"}
    assert QuickBooksCustomer.objects.filter(company_file=activation.company_file).exists()


@pytest.mark.parametrize("name", ["Harbor View", "Quarry Street"])
def test_nothing_of_one_journey_is_left_for_the_next(contractor, name):
    create_company(contractor=contractor, name=name, now=timezone.now())

    assert Contractor.objects.get().companies.get().name == name
    assert not CompanyFile.objects.exists()
