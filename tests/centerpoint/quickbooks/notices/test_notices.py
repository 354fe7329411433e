"""What the mails say, who gets them, and that a mail server's failure loses nothing."""

import datetime as dt
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail.backends.locmem import EmailBackend

from centerpoint.contractors.models import Contractor, Membership, Role, User
from centerpoint.quickbooks import notices
from centerpoint.quickbooks.models import CompanyFile, NoticeKind, Posting, RecordKind
from centerpoint.quickbooks.posting_states import State

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def member(business):
    def add(role=Role.BOOKKEEPER, email="pat@acme.example", contractor=None):
        user, _ = User.objects.get_or_create(email=email, defaults={"name": "Pat"})
        Membership.objects.create(contractor=contractor or business.contractor, user=user, role=role)
        return user

    return add


@pytest.fixture
def heard(books, now):
    """QuickBooks was heard from a moment ago, so that nothing is silent."""
    CompanyFile.objects.filter(pk=books.company_file.pk).update(last_heard_at=now)


@pytest.fixture
def refused(books, business):
    """An invoice QuickBooks refused."""

    def refuse(code="3140", text="Invalid item", **facts):
        invoice = business.invoice()
        books.paired(invoice.bill_to)
        return books.posting(
            invoice,
            RecordKind.INVOICE,
            State.REFUSED,
            refusal=code,
            refusal_text=text,
            refusal_facts=facts,
            amount=invoice.total,
        )

    return refuse


def silent_since(books, moment):
    CompanyFile.objects.filter(pk=books.company_file.pk).update(last_heard_at=moment)


def subjects(mailoutbox):
    return [mail.subject for mail in mailoutbox]


def test_a_silence_is_told_with_what_waits_in_the_offices_time(books, business, member, now, mailoutbox):
    member()
    for amount in ("18000.00", "402.10"):
        invoice = business.invoice(amount=amount)
        books.paired(invoice.bill_to)
        books.posting(invoice, RecordKind.INVOICE, State.READY, amount=invoice.total)
    books.choose(hold_for_approval=False, work_goes="never", job_policy="none")
    silent_since(books, now - 2 * DAY)

    notices.send_due(now=now)

    (mail,) = mailoutbox
    sentence = "QuickBooks has been silent since Saturday 10:00; 2 invoices ($18,402.10) wait."
    assert (mail.to, mail.subject) == (["pat@acme.example"], "Acme Roofing: QuickBooks is silent")
    assert mail.body.startswith(f"Hello Pat,\n\n{sentence}\n")
    assert "Is the Web Connector open" in mail.body
    assert f"http://localhost:8000/c/{business.contractor.pk}/" in mail.body
    html, kind = mail.alternatives[0]
    assert (kind, sentence in html) == ("text/html", True)


def test_silence_begins_after_the_hours_that_were_chosen(books, member, now, mailoutbox):
    member()
    books.choose(silent_after_hours=48)
    silent_since(books, now - 48 * HOUR)

    notices.send_due(now=now)
    assert subjects(mailoutbox) == []

    notices.send_due(now=now + HOUR)
    assert subjects(mailoutbox) == ["Acme Roofing: QuickBooks is silent"]


def test_a_silence_is_told_once_a_day_and_no_more_when_it_ends(books, member, now, mailoutbox):
    member()
    silent_since(books, now - 2 * DAY)

    for hours in range(48):
        notices.send_due(now=now + hours * HOUR)
    assert len(mailoutbox) == 3

    silent_since(books, now + 2 * DAY)
    notices.send_due(now=now + 3 * DAY - HOUR)
    assert len(mailoutbox) == 3


def test_a_quickbooks_never_heard_from_is_silent_since_the_activation(books, member, now, mailoutbox):
    member()

    notices.send_due(now=now + 8 * DAY)

    assert (
        "not been heard from since the integration was activated, Monday, June 30, 10:00;"
        in mailoutbox[0].body
    )


@pytest.mark.parametrize("status", [CompanyFile.Status.PAUSED, CompanyFile.Status.DEACTIVATED])
def test_a_paused_or_deactivated_company_file_is_not_silent(books, member, now, mailoutbox, status):
    member()
    CompanyFile.objects.update(status=status)

    assert notices.send_due(now=now + 9 * DAY) == notices.Round(sent=0, failed=0)
    assert mailoutbox == []


def test_a_practice_company_tells_nothing(books, member, now, mailoutbox):
    member()
    Contractor.objects.update(is_practice=True)

    notices.send_due(now=now + 9 * DAY)

    assert mailoutbox == []


def test_companies_to_pair_are_listed_with_what_waits_for_them(
    books, business, member, now, mailoutbox, heard
):
    member()
    invoice = business.invoice(business.ticket(business.company("Bell & Sons")), "250.00")
    books.posting(invoice, RecordKind.INVOICE, State.NEEDS_PAIRING, amount=invoice.total)

    notices.send_due(now=now)

    (mail,) = mailoutbox
    assert mail.subject == "Acme Roofing: 1 company waits to be paired"
    assert "- Bell & Sons: " in mail.body
    assert "($250.00 invoiced)" in mail.body
    assert "Bell &amp; Sons" in mail.alternatives[0][0]


def test_a_refusal_is_told_in_the_words_of_its_cure(member, now, mailoutbox, heard, refused):
    member()
    posting = refused("number-too-long", number="12345678901234", limit=11)

    notices.send_due(now=now)

    (mail,) = mailoutbox
    assert mail.subject == "Acme Roofing: 1 record needs a look"
    assert (
        f"- {posting.invoice}: The number 12345678901234 is longer than the 11 characters QuickBooks keeps.\n"
        "  Give the invoice a shorter number."
    ) in mail.body


def test_only_refusals_not_told_before_are_told(member, now, mailoutbox, heard, refused):
    member()
    first = refused()
    notices.send_due(now=now)
    second = refused()
    notices.send_due(now=now + HOUR)
    assert len(mailoutbox) == 1

    notices.send_due(now=now + 23 * HOUR)
    assert len(mailoutbox) == 2
    assert f"- {second.invoice}:" in mailoutbox[1].body
    assert f"- {first.invoice}:" not in mailoutbox[1].body
    assert "1 more that you were told of waits still." in mailoutbox[1].body


def test_what_was_settled_is_told_anew_when_it_comes_back(member, now, mailoutbox, heard, refused):
    member()
    posting = refused()
    notices.send_due(now=now)
    Posting.objects.filter(pk=posting.pk).update(state=State.READY)
    notices.send_due(now=now + HOUR)
    Posting.objects.filter(pk=posting.pk).update(state=State.REFUSED)

    notices.send_due(now=now + 23 * HOUR)

    assert len(mailoutbox) == 2


def test_who_looks_after_the_books_is_told_unless_he_says_no(business, member):
    chosen = {
        role: notices.notice_choices(member(role, f"{role}@acme.example"), business.contractor)
        for role in Role
    }

    assert chosen == {
        Role.OWNER: dict.fromkeys(NoticeKind, True),
        Role.BOOKKEEPER: dict.fromkeys(NoticeKind, True),
        Role.TECHNICIAN: dict.fromkeys(NoticeKind, False),
    }


def test_each_user_gets_what_he_chose(books, business, member, now, mailoutbox, refused):
    owner, technician = member(Role.OWNER, "o@acme.example"), member(Role.TECHNICIAN, "t@acme.example")
    notices.choose_notices(user=owner, contractor=business.contractor, wanted={NoticeKind.REFUSED: False})
    notices.choose_notices(user=technician, contractor=business.contractor, wanted={NoticeKind.REFUSED: True})
    refused()
    silent_since(books, now - 2 * DAY)

    notices.send_due(now=now)

    assert {(mail.to[0], mail.subject) for mail in mailoutbox} == {
        ("o@acme.example", "Acme Roofing: QuickBooks is silent"),
        ("t@acme.example", "Acme Roofing: 1 record needs a look"),
    }


def test_who_left_is_told_nothing_and_chooses_nothing(business, member, now, mailoutbox, heard, refused):
    user = member()
    notices.choose_notices(user=user, contractor=business.contractor, wanted={NoticeKind.REFUSED: True})
    refused()
    Membership.objects.all().delete()

    notices.send_due(now=now)

    assert mailoutbox == []
    assert notices.notice_choices(user, business.contractor) == dict.fromkeys(NoticeKind, False)
    with pytest.raises(Exception, match="does not belong to Acme Roofing"):
        notices.choose_notices(user=user, contractor=business.contractor, wanted={NoticeKind.SILENT: True})


def test_nobody_is_told_of_another_contractor(member, another_business, now, mailoutbox, heard, refused):
    member(contractor=another_business.contractor)
    refused()

    notices.send_due(now=now)

    assert mailoutbox == []


def test_a_mail_server_that_fails_stops_no_other_mail_and_is_tried_again(
    member, now, mailoutbox, heard, refused, monkeypatch
):
    member(Role.OWNER, "o@acme.example")
    member(Role.BOOKKEEPER, "b@acme.example")
    refused()
    deliver = EmailBackend.send_messages

    def fail_for_the_owner(self, messages):
        if messages[0].to == ["o@acme.example"]:
            raise SMTPServerDisconnected("gone")
        return deliver(self, messages)

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fail_for_the_owner)
        assert notices.send_due(now=now) == notices.Round(sent=1, failed=1)
    assert notices.send_due(now=now + HOUR) == notices.Round(sent=1, failed=0)

    assert [mail.to for mail in mailoutbox] == [["b@acme.example"], ["o@acme.example"]]
