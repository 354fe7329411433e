"""What a search finds, on both databases."""

import pytest
from django.db import connection

from centerpoint.companies.models import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def found(business):
    for name in ("Émile Oak", "Oak_Hills 100%", "oakwood", "Elm Dental"):
        business.company(name)

    def search(lookup, text):
        names = Company.objects.filter(**{f"name__{lookup}": text}).order_by("pk")
        return list(names.values_list("name", flat=True))

    return search


@pytest.mark.parametrize(
    ("lookup", "text", "expected"),
    [
        ("icontains", "OAK", ["Émile Oak", "Oak_Hills 100%", "oakwood"]),
        ("istartswith", "oak", ["Oak_Hills 100%", "oakwood"]),
        ("icontains", "k_h", ["Oak_Hills 100%"]),
        ("icontains", "0%", ["Oak_Hills 100%"]),
        ("istartswith", "%", []),
        ("icontains", "\\", []),
        ("icontains", "Émile o", ["Émile Oak"]),
    ],
)
def test_capitals_do_not_matter_and_no_character_stands_for_others(found, lookup, text, expected):
    assert found(lookup, text) == expected


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows the capitals of ASCII only")
def test_letters_with_accents_have_capitals_too(found):
    assert found("icontains", "éMILE") == ["Émile Oak"]
