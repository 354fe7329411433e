"""PURE: a service ticket, a project or a property and its job."""

from typing import Any

from centerpoint.quickbooks.mapping.facts import Content, Difference, Existing, Message, Settled, WorkFacts
from centerpoint.quickbooks.mapping.names import cut, shorten
from centerpoint.quickbooks.models import Posting
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
_ADDRESS = {
    "Addr1": "street",
    "Addr2": "street2",
    "City": "city",
    "State": "state",
    "PostalCode": "postal_code",
    "Country": "country",
}
_LIMITS = {"Addr1": 41, "Addr2": 41, "City": 31, "State": 21, "PostalCode": 13, "Country": 31}
_DATES = {
    "JobStartDate": "job_start_date",
    "JobProjectedEndDate": "job_projected_end_date",
    "JobEndDate": "job_end_date",
}


def wanted_name(work: WorkFacts) -> str:
    """A job's name starts with the number, so that it is found by it and is unique below its customer."""
    title = work.property_name if work.kind == "ticket" else work.title
    return shorten(f"{work.number} {title or work.description}".strip())


def message(
    work: WorkFacts, *, parent_list_id: str, name: str, mark: str, existing: Existing | None
) -> Message:
    """CustomerAdd below the bill-to customer, or a CustomerMod of what differs from what both agreed on."""
    content = _content(work, parent_list_id, name)
    if existing is None:
        body: Any = messages.CustomerAddRq(
            customer_add=messages.CustomerAdd(
                name=name,
                parent_ref=messages.Ref(list_id=parent_list_id),
                ship_address=_ship_address(content),
                job_status=content["JobStatus"],
                job_desc=content.get("JobDesc") or None,
                external_guid=mark,
                **_dates(work),
            )
        )
        return Message(action=Posting.Action.ADD, body=body, content=content)
    changed = {element for element, value in content.items() if existing.agreed.get(element, "") != value}
    if not changed:
        return Message(action=Posting.Action.MODIFY, body=None, content=content)
    dates = {
        attribute: getattr(_dates_of(work), attribute) or CLEAR
        for element, attribute in _DATES.items()
        if element in changed
    }
    body = messages.CustomerModRq(
        customer_mod=messages.CustomerMod(
            list_id=existing.quickbooks_id,
            edit_sequence=existing.edit_sequence,
            name=name if "Name" in changed else None,
            parent_ref=messages.Ref(list_id=parent_list_id) if "ParentRef.ListID" in changed else None,
            ship_address=(
                _ship_address(content)
                if any(element.startswith("ShipAddress") for element in changed)
                else None
            ),
            job_status=content["JobStatus"] if "JobStatus" in changed else None,
            job_desc=(content["JobDesc"] or CLEAR) if "JobDesc" in changed else None,
            **dates,
        )
    )
    return Message(action=Posting.Action.MODIFY, body=body, content=content)


class _Dates:
    __slots__ = ("job_end_date", "job_projected_end_date", "job_start_date")

    def __init__(self, work: WorkFacts) -> None:
        self.job_start_date = work.starts_on
        self.job_projected_end_date = work.ends_on
        self.job_end_date = work.finished_on


def _dates_of(work: WorkFacts) -> _Dates:
    return _Dates(work)


def _dates(work: WorkFacts) -> dict[str, Any]:
    return {
        "job_start_date": work.starts_on,
        "job_projected_end_date": work.ends_on,
        "job_end_date": work.finished_on,
    }


def _content(work: WorkFacts, parent_list_id: str, name: str) -> Content:
    address = {
        f"ShipAddress.{tag}": cut(getattr(work.property_address, attribute), _LIMITS[tag])
        for tag, attribute in _ADDRESS.items()
    }
    description = work.description if work.kind != "property" else ""
    dates = (work.starts_on, work.ends_on, work.finished_on)
    return {
        "Name": name,
        "ParentRef.ListID": parent_list_id,
        **({key: value for key, value in address.items()} if any(address.values()) else {}),
        "JobStatus": _STATUS.get(ProjectStage.Progress(work.progress), "None") if work.progress else "None",
        **{tag: day.isoformat() if day else "" for tag, day in zip(_DATES, dates, strict=True)},
        "JobDesc": cut(description or work.title, JOB_DESCRIPTION),
    }


def _ship_address(content: Content) -> Any:
    values = {tag: content.get(f"ShipAddress.{tag}", "") for tag in _ADDRESS}
    if not any(values.values()):
        return None
    names = {
        "Addr1": "addr1",
        "Addr2": "addr2",
        "City": "city",
        "State": "state",
        "PostalCode": "postal_code",
        "Country": "country",
    }
    return messages.Address(**{names[tag]: value for tag, value in values.items() if value})


def there(ret: Any) -> Content:
    """What the job holds, in the elements we write."""
    address = ret.ship_address
    content = {
        "Name": ret.name,
        "ParentRef.ListID": ret.parent_ref.list_id if ret.parent_ref else "",
        "JobStatus": ret.job_status or "None",
        "JobDesc": ret.job_desc or "",
    }
    for element, attribute in _DATES.items():
        day = getattr(ret, attribute)
        content[element] = day.isoformat() if day else ""
    for tag, attribute in {
        "Addr1": "addr1",
        "Addr2": "addr2",
        "City": "city",
        "State": "state",
        "PostalCode": "postal_code",
        "Country": "country",
    }.items():
        content[f"ShipAddress.{tag}"] = (getattr(address, attribute) if address else None) or ""
    return content


def settle(content: Content, ret: Any) -> Settled:
    """Compare what was sent with what QuickBooks holds now."""
    holds = there(ret)
    return Settled(
        quickbooks_id=ret.list_id,
        edit_sequence=ret.edit_sequence,
        name=ret.full_name,
        external_guid=ret.external_guid or "",
        content=holds,
        differences=tuple(
            Difference(field=element, ours=value, theirs=holds.get(element, ""))
            for element, value in content.items()
            if holds.get(element, "") != value
        ),
    )
