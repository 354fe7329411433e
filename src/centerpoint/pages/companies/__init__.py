"""Companies: who the contractor bills, with their contacts."""

from centerpoint.pages.companies import contacts, lists, record

urls = [*lists.urls, *record.urls, *contacts.urls]
