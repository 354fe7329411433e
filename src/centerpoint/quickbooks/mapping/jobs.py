"""PURE: a service ticket, a project or a property and its job."""

import datetime as dt
from collections.abc import Set
from typing import Any

from centerpoint.quickbooks.mapping import addresses
from centerpoint.quickbooks.mapping.comparison import changed, differences, touches
from centerpoint.quickbooks.mapping.facts import (
    Blocked,
    Content,
    Existing,
    Message,
    Settled,
    WorkFacts,
)
from centerpoint.quickbooks.mapping.names import cut, shorten, stems_from
from centerpoint.quickbooks.models import Posting, RecordKind
from centerpoint.work.models import ProjectStage
from qbxml import CLEAR, messages

JOB_DESCRIPTION = 99
_STATUS = {
    ProjectStage.Progress.PENDING: "Pending",
    ProjectStage.Progress.AWARDED: "Awarded",
    ProjectStage.Progress.UNDER_WAY: "InProgress",
    ProjectStage.Progress.CLOSED: "Closed",
    ProjectStage.Progress.LOST: "NotAwarded",
}
NO_STATUS = "None"  # QuickBooks' own word for it


def wanted_name(work: WorkFacts) -> str:
    """A job's name starts with the number, so that it is found by it and is unique below its customer."""
    place = work.property_name if work.kind == RecordKind.TICKET else ""
    return shorten(f"{work.number} {place or work.title or work.description}")


def message(
    work: WorkFacts, *, parent_list_id: str, name: str, mark: str, existing: Existing | None
) -> Message:
    """CustomerAdd below the bill-to customer, or a CustomerMod of what differs from what both agreed on.

    A job that is there keeps the number its name was given to be unique. Raises Blocked when nothing of the name can
    be written.
    """
    if existing is not None:
        agreed_name = existing.agreed.get("Name", "")
        name = agreed_name if not name or stems_from(agreed_name, wanted_name(work)) else name
    if not name:
        raise Blocked("name-empty", name=work.title or work.property_name)
    content = _content(work, parent_list_id, name)
    if existing is None:
        return Message(action=Posting.Action.ADD, body=_add(work, content, mark), content=content)
    to_change = changed(content, existing.agreed)
    body = _mod(work, content, to_change, existing) if to_change else None
    return Message(action=Posting.Action.MODIFY, body=body, content=content)


def _add(work: WorkFacts, content: Content, mark: str) -> messages.CustomerAddRq:
    return messages.CustomerAddRq(
        customer_add=messages.CustomerAdd(
            name=content["Name"],
            parent_ref=messages.Ref(list_id=content["ParentRef.ListID"]),
            ship_address=addresses.to_add("ShipAddress", content),
            job_status=content["JobStatus"],
            job_start_date=work.starts_on,
            job_projected_end_date=work.ends_on,
            job_end_date=work.finished_on,
            job_desc=content["JobDesc"] or None,
            external_guid=mark,
        )
    )


def _mod(
    work: WorkFacts, content: Content, to_change: Set[str], existing: Existing
) -> messages.CustomerModRq:
    def given(element: str, value: Any) -> Any:
        return value if touches(to_change, element) else None

    return messages.CustomerModRq(
        customer_mod=messages.CustomerMod(
            list_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            name=given("Name", content["Name"]),
            parent_ref=given("ParentRef", messages.Ref(list_id=content["ParentRef.ListID"])),
            ship_address=(
                addresses.to_change("ShipAddress", content) if touches(to_change, "ShipAddress") else None
            ),
            job_status=given("JobStatus", content["JobStatus"]),
            job_start_date=given("JobStartDate", work.starts_on or CLEAR),
            job_projected_end_date=given("JobProjectedEndDate", work.ends_on or CLEAR),
            job_end_date=given("JobEndDate", work.finished_on or CLEAR),
            job_desc=given("JobDesc", content["JobDesc"] or CLEAR),
        )
    )


def _content(work: WorkFacts, parent_list_id: str, name: str) -> Content:
    """A property without an address leaves the job the address QuickBooks copied from the customer."""
    return {
        "Name": name,
        "ParentRef.ListID": parent_list_id,
        **addresses.content("ShipAddress", work.property_name, work.property_address),
        "JobStatus": _STATUS[ProjectStage.Progress(work.progress)] if work.progress else NO_STATUS,
        "JobStartDate": _text(work.starts_on),
        "JobProjectedEndDate": _text(work.ends_on),
        "JobEndDate": _text(work.finished_on),
        "JobDesc": cut(work.description or work.title, JOB_DESCRIPTION),
    }


def _text(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def there(ret: messages.CustomerRet) -> Content:
    """What the job holds, in the elements we write; absent ones as empty text."""
    return {
        "Name": ret.name,
        "ParentRef.ListID": (ret.parent_ref.list_id or "") if ret.parent_ref else "",
        **addresses.there("ShipAddress", ret.ship_address),
        "JobStatus": ret.job_status or NO_STATUS,
        "JobStartDate": _text(ret.job_start_date),
        "JobProjectedEndDate": _text(ret.job_projected_end_date),
        "JobEndDate": _text(ret.job_end_date),
        "JobDesc": ret.job_desc or "",
    }


def settle(content: Content, ret: messages.CustomerRet) -> Settled:
    """Compare what was sent with what QuickBooks holds now."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.list_id,
        edit_sequence=ret.edit_sequence,
        name=ret.full_name or ret.name,
        external_guid=ret.external_guid or "",
        content=holds,
        differences=differences(content, holds),
    )
