"""E-mail that tells what waits for somebody, without a page: at most one of a kind a day, each user's choice."""

from centerpoint.quickbooks.notices.choices import choose_notices, notice_choices
from centerpoint.quickbooks.notices.sending import Round, send_due

__all__ = ["Round", "choose_notices", "notice_choices", "send_due"]
