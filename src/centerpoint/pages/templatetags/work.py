"""How the stages of tickets and projects look, and how far a contract is billed."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from centerpoint.billing.queries import Billed
from centerpoint.work.models import ProjectStage, Stage

register = template.Library()

_TICKET = {
    Stage.NEW: "attention",
    Stage.COMPLETED: "attention",
    Stage.AUTHORIZED: "attention",
    Stage.INVOICED: "good",
    Stage.CLOSED: "quiet",
}
_PROJECT = {
    ProjectStage.Progress.PENDING: "attention",
    ProjectStage.Progress.AWARDED: "progress",
    ProjectStage.Progress.UNDER_WAY: "progress",
}
_BADGE = '<span class="state state-{}">{}</span>'


@register.simple_tag
def ticket_stage(stage: str) -> SafeString:
    """A ticket's stage: what waits for the office stands out."""
    return format_html(_BADGE, _TICKET.get(Stage(stage), "progress"), Stage(stage).label)


@register.simple_tag
def project_stage(stage: ProjectStage) -> SafeString:
    return format_html(_BADGE, _PROJECT.get(ProjectStage.Progress(stage.progress), "quiet"), stage.name)


@register.filter
def share(billed: Billed) -> str:
    """How far a bar of 100 is filled."""
    percent = min(max(billed.percent or 0, 0), 100)
    return f"{percent:.1f}"


@register.filter
def of(values: Mapping[int, Any], key: int) -> Any:
    """The value of a key that the template holds in a variable."""
    return values[key]
