"""Invoices: the list, the editor, what was paid on one, and the print."""

from centerpoint.pages.invoices import beginning, editor, ending, lists, record

urls = [*lists.urls, *beginning.urls, *editor.urls, *record.urls, *ending.urls]
