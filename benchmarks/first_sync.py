"""SOAP calls an object over a first sync of about 1,000 records: what the bookkeeper waits for is round trips."""

from benchmarks import stage


def measure() -> dict[str, float]:
    scale = stage.size(1, 10)
    scene = stage.contractor_with(
        companies=210 // scale, tickets=400 // scale, projects=20 // scale, invoices=400 // scale
    )
    books = stage.new_books("contractor")
    connector = scene.connector(books)
    updates = connector.update_until_idle()
    calls = sum(update.soap_calls for update in updates)
    sent = len(books.invoices) + len([each for each in books.customers if each.get("ExternalGUID")])
    return {"objects": sent, "SOAP calls": calls, "SOAP calls an object": calls / sent}
