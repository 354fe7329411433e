"""Service tickets: their list, their page with the stage strip, and their forms."""

from centerpoint.pages.tickets import changing, lists, record

urls = [*lists.urls, *changing.urls, *record.urls]
