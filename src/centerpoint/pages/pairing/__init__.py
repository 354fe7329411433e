"""Pair Customers: which company is which QuickBooks customer, decided row by row, in bulk, and taken back."""

from centerpoint.pages.pairing.choosing import urls as choosing
from centerpoint.pages.pairing.decisions import urls as decisions
from centerpoint.pages.pairing.lists import urls as lists

urls = [*lists, *decisions, *choosing]
