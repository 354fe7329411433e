"""Projects: their list, their page with the contract, and their forms."""

from centerpoint.pages.projects import changing, lists, record

urls = [*lists.urls, *changing.urls, *record.urls]
