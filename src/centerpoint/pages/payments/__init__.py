"""Payments: the list, one payment with its parts, and receiving one by hand."""

from centerpoint.pages.payments import lists, receiving, record

urls = [*lists.urls, *receiving.urls, *record.urls]
