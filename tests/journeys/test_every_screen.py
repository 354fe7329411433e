"""What holds on every screen, whoever looks at it and on whatever."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from centerpoint.contractors.models import Contractor
from journeys import offices
from journeys.browsing import DESK, PHONE, check_accessibility, check_fits
from journeys.screens import SCREENS, Screen


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_shuts_nobody_out_and_fits_desk_and_phone(
    screen: Screen, page: Page, contractor: Contractor, signed_in: Callable[..., Page]
):
    offices.fill_office(contractor, now=timezone.now())
    if screen.role is not None:
        signed_in(screen.role)

    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        answer = page.goto(screen.path_for(contractor))

        assert answer is not None and answer.status == 200
        check_accessibility(page)
        check_fits(page)


def test_every_screen_has_a_name_of_its_own():
    names = [screen.name for screen in SCREENS]

    assert len(set(names)) == len(names)
