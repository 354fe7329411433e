"""Reads of tickets and projects; each costs the same number of queries whatever the number of rows."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from centerpoint.contractors.models import Contractor
from centerpoint.work.models import Project, ProjectStage, ServiceTicket, Stage


def tickets(
    contractor: Contractor, *, search: str = "", stages: Sequence[Stage] | None = None
) -> QuerySet[ServiceTicket, ServiceTicket]:
    """The latest first, each with its property and whom it is billed to."""
    found = ServiceTicket.objects.filter(contractor=contractor)
    if stages is not None:
        found = found.filter(stage__in=stages)
    if search:
        found = found.filter(
            Q(number__istartswith=search)
            | Q(description__icontains=search)
            | Q(property__name__icontains=search)
            | Q(bill_to__name__icontains=search)
            | Q(purchase_order__iexact=search)
        )
    return found.order_by("-opened_on", "-pk").select_related("property", "bill_to")


def tickets_by_stage(contractor: Contractor) -> dict[Stage, int]:
    """How many tickets stand at each stage, every stage named, in order."""
    rows = ServiceTicket.objects.filter(contractor=contractor).values_list("stage").annotate(Count("pk"))
    counted = dict(rows)
    return {stage: counted.get(stage, 0) for stage in Stage}


def projects(
    contractor: Contractor, *, search: str = "", stage: ProjectStage | None = None
) -> QuerySet[Project, Project]:
    """The latest first, each with its stage, property, whom it is billed to and its change orders."""
    found = Project.objects.filter(contractor=contractor)
    if stage is not None:
        found = found.filter(stage=stage)
    if search:
        found = found.filter(
            Q(number__istartswith=search) | Q(name__icontains=search) | Q(bill_to__name__icontains=search)
        )
    return (
        found.order_by("-opened_on", "-pk")
        .select_related("stage", "property", "bill_to")
        .prefetch_related("change_orders")
    )


def project_stages(contractor: Contractor) -> QuerySet[ProjectStage, ProjectStage]:
    return ProjectStage.objects.filter(contractor=contractor).order_by("position")
