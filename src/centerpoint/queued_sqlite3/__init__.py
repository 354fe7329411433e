"""SQLite for more than one writer at a time: Django's backend, whose transactions wait in turn (docs/decisions/0008)."""
