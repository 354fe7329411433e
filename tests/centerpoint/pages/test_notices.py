"""Which e-mails somebody wants."""

from centerpoint.quickbooks.models import NoticeKind
from centerpoint.quickbooks.notices import notice_choices


def test_everybody_chooses_his_own_notices(bookkeeper, technician, business):
    assert "QuickBooks is silent" in bookkeeper.open("notices/").content.decode()

    bookkeeper.send("notices/", unpaired="on")
    technician.send("notices/", silent="on")

    assert [
        [kind for kind, wanted in notice_choices(each.user, business.contractor).items() if wanted]
        for each in (bookkeeper, technician)
    ] == [[NoticeKind.UNPAIRED], [NoticeKind.SILENT]]


def test_another_contractors_notices_are_not_there(bookkeeper, another_business):
    assert bookkeeper.get(f"/c/{another_business.contractor.pk}/notices/").status_code == 404
