"""A contractor ready to work: with an owner, project stages and a tax code, which belong to three apps."""

import datetime as dt
from decimal import Decimal
from typing import Unpack

from django.db import transaction

from centerpoint.billing.operations import create_tax_code
from centerpoint.contractors.models import Contractor
from centerpoint.contractors.operations import ContractorFields, create_contractor
from centerpoint.work.operations import create_project_stages


@transaction.atomic
def set_up_contractor(
    *,
    name: str,
    owner_email: str,
    owner_password: str,
    now: dt.datetime,
    owner_name: str = "",
    **fields: Unpack[ContractorFields],
) -> Contractor:
    """The tax code charges `tax_percent`, so that an invoice has the contractor's usual tax without asking."""
    contractor = create_contractor(
        name=name,
        owner_email=owner_email,
        owner_password=owner_password,
        owner_name=owner_name,
        now=now,
        **fields,
    )
    create_project_stages(contractor=contractor)
    create_tax_code(
        contractor=contractor,
        title="Sales tax",
        code="TAX",
        percent=fields.get("tax_percent", Decimal(0)),
    )
    return contractor
