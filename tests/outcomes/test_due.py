from datetime import date, timedelta

from cicatrix.outcomes.due import review_state


def test_nothing_is_overdue_on_the_day_it_is_due_and_something_the_day_after():
    due = review_state(date(2026, 11, 22)).next_due

    assert review_state(due).overdue == ()
    late = review_state(due + timedelta(days=1)).overdue
    assert late
    assert {one.review_by for one in late} == {due}


def test_later_days_hold_every_earlier_one():
    sooner = set(review_state(date(2028, 1, 1)).overdue)
    later = review_state(date(2040, 1, 1))

    assert sooner < set(later.overdue)
    assert len(later.overdue) == later.entries
    assert later.unreviewed == later.entries
