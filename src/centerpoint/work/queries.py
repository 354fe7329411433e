"""Reads of tickets and projects; each costs the same number of queries whatever the number of rows."""

from collections.abc import Sequence

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Length

from centerpoint.companies.models import Company, Property
from centerpoint.companies.queries import Named
from centerpoint.contractors.models import Contractor
from centerpoint.searching import any_of, contains
from centerpoint.work.models import Project, ProjectStage, ServiceTicket, Stage


def tickets(
    contractor: Contractor,
    *,
    search: str = "",
    named: Named | None = None,
    stages: Sequence[Stage] | None = None,
    company: Company | None = None,
    place: Property | None = None,
    service_type: str = "",
) -> QuerySet[ServiceTicket, ServiceTicket]:
    """The latest first, each with its property and whom it is billed to.

    Of a `company`: billed to it, or done at a property of its own. Ordered by `number_length` and `number` they stand
    as people count. `named`: what `search` names, where it was read already.
    """
    found = ServiceTicket.objects.filter(contractor=contractor)
    if stages is not None:
        found = found.filter(stage__in=stages)
    if company is not None:
        found = found.filter(Q(bill_to=company) | Q(property__company=company))
    if place is not None:
        found = found.filter(property=place)
    if service_type:
        found = found.filter(service_type=service_type)
    if search:
        named = named or Named.unread(contractor, search)
        own = contains(ServiceTicket, search, "number", "description", "purchase_order")
        found = found.filter(
            any_of(
                ServiceTicket,
                Q(contractor=contractor) & own,
                property=named.properties,
                bill_to=named.companies,
                row_by_row=named.are_many,
            )
        )
    return (
        found.order_by("-opened_on", "-pk")
        .select_related("property", "bill_to")
        .alias(number_length=Length("number"))
    )


def tickets_by_stage(contractor: Contractor) -> dict[Stage, int]:
    """How many tickets stand at each stage, every stage named, in order."""
    rows = ServiceTicket.objects.filter(contractor=contractor).values_list("stage").annotate(count=Count("*"))
    counted = dict(rows)
    return {stage: counted.get(stage, 0) for stage in Stage}


def service_types(contractor: Contractor) -> list[str]:
    """The service types that tickets of this contractor have, by name."""
    named = ServiceTicket.objects.filter(contractor=contractor).exclude(service_type="")
    return list(named.order_by("service_type").values_list("service_type", flat=True).distinct())


def projects(
    contractor: Contractor,
    *,
    search: str = "",
    named: Named | None = None,
    stage: ProjectStage | None = None,
    company: Company | None = None,
    place: Property | None = None,
) -> QuerySet[Project, Project]:
    """The latest first, each with its stage, property, whom it is billed to and its change orders.

    Of a `company`: billed to it, or done at a property of its own. Ordered by `number_length` and `number` they stand
    as people count. `named`: what `search` names, where it was read already.
    """
    found = Project.objects.filter(contractor=contractor)
    if stage is not None:
        found = found.filter(stage=stage)
    if company is not None:
        found = found.filter(Q(bill_to=company) | Q(property__company=company))
    if place is not None:
        found = found.filter(property=place)
    if search:
        named = named or Named.unread(contractor, search)
        own = Q(contractor=contractor) & contains(Project, search, "number", "name")
        found = found.filter(any_of(Project, own, bill_to=named.companies, row_by_row=named.are_many))
    return (
        found.order_by("-opened_on", "-pk")
        .select_related("stage", "property", "bill_to")
        .prefetch_related("change_orders")
        .alias(number_length=Length("number"))
    )


def projects_by_stage(contractor: Contractor) -> list[tuple[ProjectStage, int]]:
    """How many projects stand at each stage of the contractor's list, every stage named, in order."""
    # Each stage's counted in the index of stages: a join of all projects would read them.
    at_stage = Project.objects.filter(stage=OuterRef("pk")).order_by().values("stage")
    standing = Subquery(at_stage.annotate(count=Count("*")).values("count"), output_field=IntegerField())
    counted = ProjectStage.objects.filter(contractor=contractor).annotate(standing=Coalesce(standing, 0))
    return [(stage, stage.standing) for stage in counted.order_by("position")]


def project_stages(contractor: Contractor) -> QuerySet[ProjectStage, ProjectStage]:
    return ProjectStage.objects.filter(contractor=contractor).order_by("position")
