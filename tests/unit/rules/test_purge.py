"""What a notice sealed is erased on schedule, unless somebody may need it again."""

from clearline.model.casework import CaseId
from clearline.model.commands import ReportHarm
from clearline.model.entries import SealedErased
from clearline.model.notice_acts import NoticePurged
from clearline.model.notice_commands import FileNotice, WithdrawNotice
from clearline.model.notices import NoticeId
from clearline.rules.notice_clocks import PURGE_AFTER
from notice_forms import PERSONAL, a_site
from phone import Line

CLINIC = NoticeId("clinic")


def withdrawn(*, has_harm=False):
    """A clinic that was filed, and withdrawn at once."""
    line = Line()
    lina = line.actor("lina")
    line.do(FileNotice(notice=CLINIC, by=lina, revision=a_site()))
    if has_harm:
        case = CaseId("harm")
        line.do(ReportHarm(case=case, by=lina, says="It was hit.", notice=CLINIC))
    line.do(WithdrawNotice(notice=CLINIC, by=lina))
    return line


def after(line, days):
    """What is written of it in so many days."""
    acts = line.after(days=days)
    erased = [act for act in acts if isinstance(act, SealedErased)]
    return erased, [act for act in acts if isinstance(act, NoticePurged)]


def test_numbers_names_and_plates_are_erased_thirty_days_after_it_is_over():
    """Each by an entry of its own that names the entry it lay beside."""
    line = withdrawn()
    assert after(line, PURGE_AFTER.days - 1) == ([], [])
    erased, (purged,) = after(line, 1)
    parts = {p.sealed for p in (PERSONAL.phones, PERSONAL.plates, PERSONAL.names) if p}
    assert {act.part for act in erased} == set(purged.parts) == parts
    filed = line.picture.notices.history_of(CLINIC)[0][0]
    assert {act.entry for act in erased} == {filed}
    assert line.picture.notices.get(CLINIC).clocks == ()


def test_nothing_is_erased_of_what_harm_was_reported_on():
    """It is evidence; it is looked at again a month later, and kept again."""
    line = withdrawn(has_harm=True)
    erased, (purged,) = after(line, PURGE_AFTER.days)
    assert (erased, purged.is_held, purged.parts) == ([], True, ())
    erased, (again,) = after(line, PURGE_AFTER.days)
    assert (erased, again.is_held) == ([], True)
