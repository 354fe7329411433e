"""What another start date would do: which records would be owed to QuickBooks that are not now, and what they come to."""

import copy
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from centerpoint.billing.models import Invoice, InvoiceStatus
from centerpoint.billing.money import stored_sum
from centerpoint.quickbooks.models import CompanyFile, JobPolicy, Options, Posting, WorkGoes
from centerpoint.quickbooks.outbox.discovery import eligible_invoices, eligible_projects, eligible_tickets


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """Records that go out with one start date, and not with another; `total` of the invoices."""

    invoices: int
    total: Decimal
    tickets: int
    projects: int

    def __bool__(self) -> bool:
        return bool(self.invoices or self.tickets or self.projects)


def backfill(company_file: CompanyFile, *, start_date: dt.date | None) -> Backfill:
    """What would go out besides what goes now if the start date were `start_date`; None is no start date at all."""
    now, then = company_file.options, copy.copy(company_file.options)
    then.start_date = start_date
    if now.start_date is None or (start_date is not None and start_date >= now.start_date):
        return Backfill(invoices=0, total=Decimal(), tickets=0, projects=0)
    found = _invoices(company_file, now.start_date, then).aggregate(count=Count("*"), sum=Sum("total"))
    tickets = projects = 0
    if now.work_goes != WorkGoes.NEVER:
        projects = _more(
            company_file, "project", *(eligible_projects(company_file, each) for each in (now, then))
        )
        if now.job_policy == JobPolicy.PER_TICKET:
            tickets = _more(
                company_file, "ticket", *(eligible_tickets(company_file, each) for each in (now, then))
            )
    return Backfill(
        invoices=found["count"], total=stored_sum(found["sum"]), tickets=tickets, projects=projects
    )


def older(company_file: CompanyFile) -> Backfill:
    """Everything that the start date keeps here."""
    return backfill(company_file, start_date=None)


def _invoices(company_file: CompanyFile, until: dt.date, then: Options) -> QuerySet[Invoice]:
    issued = Invoice.objects.filter(contractor=company_file.contractor_id, status=InvoiceStatus.ISSUED)
    return issued.filter(eligible_invoices(then), issued_on__lt=until).exclude(
        _posted(company_file, "invoice")
    )


def _more(company_file: CompanyFile, field: str, now: QuerySet[Any], then: QuerySet[Any]) -> int:
    return then.exclude(pk__in=now.values("pk")).exclude(_posted(company_file, field)).count()


def _posted(company_file: CompanyFile, field: str) -> Exists:
    """What went out before stays there, whatever the date."""
    return Exists(Posting.objects.filter(**{"company_file": company_file, field: OuterRef("pk")}))
