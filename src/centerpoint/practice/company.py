"""A practice company's life: begun beside a contractor, thrown away without a trace."""

import datetime as dt

from django.db import transaction

from centerpoint.billing.models import Invoice, Payment, TaxCode
from centerpoint.companies.models import Company, Property
from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.contractors.refusals import Refusal
from centerpoint.contractors.revisions import lock
from centerpoint.practice import connector, disk
from centerpoint.quickbooks import connection
from centerpoint.quickbooks.models import CompanyFile, Pairing
from centerpoint.quickbooks.pairing import operations as pairing
from centerpoint.sample_data import COUNTY_TAX, load_sample_data
from centerpoint.work.models import Project, ProjectStage, ServiceTicket
from centerpoint.work.operations import create_project_stages

# A few of everything, so that a rehearsal begins within seconds.
COMPANIES, TICKETS, PROJECTS, INVOICES = 24, 16, 3, 12
SEED = 7
# Nothing goes over a network: the emulated Web Connector calls inside this process.
SERVICE_URL = "http://localhost"

# Each kind of record before what it points to: the database keeps whatever something else still names.
_IN_ORDER_OF_LEAVING = (
    (Pairing, "company_file__contractor"),
    (CompanyFile, "contractor"),
    (Payment, "contractor"),
    (Invoice, "contractor"),
    (TaxCode, "contractor"),
    (Project, "contractor"),
    (ServiceTicket, "contractor"),
    (ProjectStage, "contractor"),
    (Property, "contractor"),
    (Company, "contractor"),
)


class PracticeUnderWay(Refusal):
    """A contractor has one practice company at a time."""

    def __init__(self, practice: Contractor) -> None:
        super().__init__(f"{practice} is there already; go on with it, or throw it away first.")


class PracticeOfAPractice(Refusal):
    def __init__(self, contractor: Contractor) -> None:
        super().__init__(f"{contractor} is itself for practice; rehearse in it.")


def practice_of(contractor: Contractor) -> Contractor | None:
    """The contractor's practice company, if one is under way."""
    return Contractor.objects.filter(practice_of=contractor).first()


def start_practice(*, user: User, contractor: Contractor, now: dt.datetime) -> Contractor:
    """Begin a rehearsal: sample data, a company file of the emulator, the first contact, certain customers paired.

    Raises PracticeUnderWay, PracticeOfAPractice, PracticeFolderUnusable.
    """
    if contractor.is_practice:
        raise PracticeOfAPractice(contractor)
    with transaction.atomic():
        practice = _create(user=user, contractor=contractor, now=now)
        company_file = connection.activate(contractor=practice, url=SERVICE_URL, now=now).company_file
        disk.create(company_file, now=now)
    connector.run_connector(practice=practice, now=now)
    pairing.accept_certain(company_file=company_file, now=now, by=user)
    # Only now: what the first contact found is paired or left to the pairing page.
    connection.save_options(company_file=company_file, now=now, new_companies_in=True)
    return practice


def discard_practice(*, practice: Contractor) -> None:
    """Delete the practice company with its records and files; of nobody else. Raises NoPractice."""
    disk.check(practice)
    files = disk.files_of(practice)
    with transaction.atomic():
        lock(practice)
        for model, owner in _IN_ORDER_OF_LEAVING:
            model._default_manager.filter(**{owner: practice}).delete()
        practice.delete()
    for file in files:
        file.unlink(missing_ok=True)


def _create(*, user: User, contractor: Contractor, now: dt.datetime) -> Contractor:
    lock(contractor)
    if (under_way := practice_of(contractor)) is not None:
        raise PracticeUnderWay(under_way)
    practice = Contractor.objects.create(
        name=_free_name(contractor),
        time_zone=contractor.time_zone,
        tax_percent=COUNTY_TAX,
        is_practice=True,
        practice_of=contractor,
        created_at=now,
    )
    Membership.objects.create(contractor=practice, user=user, role=Role.OWNER)
    create_project_stages(contractor=practice)
    load_sample_data(
        contractor=practice,
        companies=COMPANIES,
        tickets=TICKETS,
        projects=PROJECTS,
        invoices=INVOICES,
        seed=SEED,
        now=now,
    )
    return practice


def _free_name(contractor: Contractor) -> str:
    """The contractor's own name with a word that nobody can miss; numbered where somebody has that name."""
    stem = contractor.name[:230]
    taken = set(Contractor.objects.filter(name__startswith=stem).values_list("name", flat=True))
    names = (f"{stem} (practice{'' if number == 1 else f' {number}'})" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
