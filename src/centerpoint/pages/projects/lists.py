"""The list of projects, with what is billed of each contract."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path

from centerpoint.billing.queries import billed_of_contract, billed_of_contracts
from centerpoint.pages.access import OfficeRequest, reads
from centerpoint.pages.listing import Column, csv_file, listing, wants_csv
from centerpoint.pages.work_forms import asked_for
from centerpoint.work import queries
from centerpoint.work.models import Project, ProjectStage

COLUMNS: tuple[Column[Project], ...] = (
    Column(
        key="number",
        label="Project",
        order=("number_length", "number"),
        text=lambda project: f"{project.number} {project.name}",
    ),
    Column(
        key="bill_to",
        label="Bill to",
        order=("bill_to__name",),
        text=lambda project: project.bill_to.name,
        is_secondary=True,
    ),
    Column(
        key="property",
        label="Property",
        order=("property__name",),
        text=lambda project: project.property.name,
        is_secondary=True,
    ),
    Column(
        key="stage",
        label="Stage",
        order=("stage__position",),
        text=lambda project: project.stage.name,
        is_secondary=True,
    ),
    Column(
        key="contract",
        label="Contract",
        order=("contract_amount",),
        text=lambda project: project.contract_amount,
        is_number=True,
    ),
)
# Not sorted by, and not in the file: it is read for the page's rows only.
BILLED: Column[Project] = Column(
    key="billed", label="Billed", text=lambda _: "", is_number=True, is_secondary=True
)


@reads
def projects(request: OfficeRequest) -> HttpResponseBase:
    company, place = asked_for(request)
    asked = request.GET.get("stage", "")
    stage = (
        get_object_or_404(ProjectStage, contractor=request.contractor, pk=asked)
        if asked.isdecimal()
        else None
    )
    found = queries.projects(
        request.contractor,
        search=request.GET.get("search", "").strip(),
        stage=stage,
        company=company,
        place=place,
    )
    if wants_csv(request):
        return csv_file(request, found, COLUMNS, name="projects")
    shown = listing(request, found.prefetch_related(None), (*COLUMNS, BILLED), asks_more=True)
    counts = queries.projects_by_stage(request.contractor)
    return render(
        request,
        "pages/projects/projects.html",
        {
            "title": "Projects",
            "listing": shown,
            "billed": billed_of_contract(shown.rows),
            "together": billed_of_contracts(shown.found),
            "presets": counts,
            "all": sum(count for _, count in counts),
            "stage": stage,
            "company": company,
            "place": place,
        },
    )


urls = [path("projects/", projects, name="projects")]
