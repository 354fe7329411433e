"""The index that searches look in: it always says what the rows say."""

import logging
from random import Random

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from centerpoint.companies.models import Company, Property
from centerpoint.searching import contains, trigrams

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="the table of SQLite")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="the index of PostgreSQL")


def found(text, *fields):
    companies = Company.objects.filter(contains(Company, text, *(fields or ["name"]))).order_by("pk")
    return list(companies.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("oak", ["Émile Oak", 'Oak_Hills "100%"', "oakwood"]),
        ("OAKW", ["oakwood"]),
        ("k_h", ['Oak_Hills "100%"']),
        ('"100%"', ['Oak_Hills "100%"']),
        ("le o", ["Émile Oak"]),
        ("éMILE", ["Émile Oak"]),
        ("ak", ["Émile Oak", 'Oak_Hills "100%"', "oakwood"]),
        ("oa*", []),
        ("oak OR elm", []),
        ("'; DROP", []),
    ],
)
def test_a_text_is_found_wherever_it_stands_and_as_it_stands(business, text, expected):
    for name in ("Émile Oak", 'Oak_Hills "100%"', "oakwood", "Elm Dental"):
        business.company(name)

    assert found(text) == expected


def test_a_text_is_found_in_the_asked_fields_only(business):
    business.company("Alder", email="office@oak.example")
    business.company("Birch", phone="512-oak")

    assert found("oak") == []
    assert found("oak", "email") == ["Alder"]
    assert found("oak", "email", "phone") == ["Alder", "Birch"]


def test_a_field_without_an_index_is_no_field_to_search_by():
    with pytest.raises(ValueError, match="Company is not searched by website"):
        contains(Company, "oak", "name", "website")


def test_what_is_changed_is_found_as_it_is_now(business):
    company, other = business.company("Alder"), business.company("Birch")

    Company.objects.filter(pk=company.pk).update(name="Cedar")
    assert (found("alder"), found("cedar")) == ([], ["Cedar"])

    Company.objects.bulk_create(
        [
            Company(
                contractor=business.contractor,
                name="Dogwood",
                created_at=company.created_at,
                changed_at=company.created_at,
            )
        ]
    )
    assert found("dogwood") == ["Dogwood"]

    other.delete()
    assert found("birch") == []

    with pytest.raises(IntegrityError), transaction.atomic():
        Company.objects.filter(pk=company.pk).update(name="Elder")
        raise IntegrityError
    assert (found("elder"), found("cedar")) == ([], ["Cedar"])


@on_sqlite
def test_after_any_changes_the_index_has_what_the_table_has(business):
    rng = Random(7)
    letters = 'abcÄé "%_1'
    companies = [business.company("Alder") for _ in range(10)]
    for _ in range(200):
        company = rng.choice(companies)
        company.name = "".join(rng.choices(letters, k=rng.randrange(1, 9)))
        company.email = rng.choice(["", company.name])
        company.save()
        if rng.random() < 0.1:
            companies.remove(company)
            company.delete()
            companies.append(business.company("Birch"))

    with connection.cursor() as cursor:
        # Fails when they differ: "integrity-check" with a rank compares with the table.
        cursor.execute(
            "INSERT INTO companies_company_trigrams(companies_company_trigrams, rank) VALUES ('integrity-check', 1)"
        )
    for company in companies:
        if len(company.name) >= trigrams.LETTERS:
            assert company.name in found(company.name)


@on_sqlite
@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER companies_company_trigrams_update",
        "DROP TABLE companies_company_trigrams",
        # As a migration does that makes the table anew.
        "ALTER TABLE companies_company RENAME TO companies_company_former",
    ],
)
def test_an_index_that_is_not_as_it_should_be_is_made_again_by_migrate(business, damage):
    business.company("Alder")
    with connection.cursor() as cursor:
        cursor.execute(damage)
        if "RENAME" in damage:
            cursor.execute("CREATE TABLE companies_company AS SELECT * FROM companies_company_former")

    assert trigrams.missing(connection) == ["companies_company"]
    trigrams.after_migrate(app_config=apps.get_app_config("companies"), using="default")

    assert trigrams.missing(connection) == []
    assert found(Company.objects.get().name) == [Company.objects.get().name]


@on_sqlite
def test_a_migration_may_drop_a_column_that_was_searched(business):
    """SQLite refuses to while a trigger names it."""
    business.company("Alder")
    app = apps.get_app_config("companies")

    trigrams.before_migrate(app_config=app, using="default", plan=[("a migration", False)])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE companies_company DROP COLUMN phone")
        cursor.execute("ALTER TABLE companies_company ADD COLUMN phone varchar(50) NOT NULL DEFAULT ''")
    trigrams.after_migrate(app_config=app, using="default")

    assert found("alder") == ["Alder"]


@on_sqlite
def test_where_nothing_is_to_be_migrated_the_index_stays(business):
    trigrams.before_migrate(app_config=apps.get_app_config("companies"), using="default", plan=[])

    assert trigrams.missing(connection) == []


@on_sqlite
def test_a_sqlite_without_trigrams_searches_row_by_row(business, monkeypatch):
    business.company("Alder")
    monkeypatch.setattr(trigrams, "sqlite_has_trigrams", lambda: False)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE companies_property_trigrams")

    assert found("lder") == ["Alder"]
    assert trigrams.missing(connection) == []


@on_postgresql
@pytest.mark.parametrize(("model", "field"), [(Company, "email"), (Property, "street")])
def test_postgresql_takes_its_index(model, field):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = model.objects.filter(contains(model, "oak", field)).order_by().explain()

    assert f"{model._meta.db_table}_trigrams_" in plan


@on_postgresql
def test_another_choice_of_columns_replaces_the_index(monkeypatch):
    def indexes():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'companies_company_trigrams%'"
            )
            return [row[0] for row in cursor.fetchall()]

    monkeypatch.setitem(trigrams._searched, Company, ("name", "website"))

    trigrams.after_migrate(app_config=apps.get_app_config("companies"), using="default")

    [index] = indexes()
    assert "website" in index
    assert "email" not in index


@on_postgresql
def test_an_operator_who_may_not_install_the_extension_is_told_and_served(business, caplog):
    business.company("Alder")
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
        cursor.execute("CREATE ROLE clerk")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk")
        cursor.execute("SET LOCAL ROLE clerk")

        with caplog.at_level(logging.WARNING):
            trigrams.after_migrate(app_config=apps.get_app_config("companies"), using="default")

        assert found("lder") == ["Alder"]
        cursor.execute("RESET ROLE")
    assert "CREATE EXTENSION pg_trgm" in caplog.text
