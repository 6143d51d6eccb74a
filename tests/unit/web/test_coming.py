"""How old what is known of something that moves is, in three steps."""

from datetime import UTC, datetime

import pytest

from clearline.model.instants import Duration
from clearline.web.console.coming import age_of
from clearline.wire.forms.mapped import OnMap, What

NOW = datetime(2026, 3, 1, 14, 0, tzinfo=UTC)


def told(ago: Duration, **said: object) -> OnMap:
    """Return a convoy under way that was last told of some time ago."""
    usual = {"what": What.NOTICE, "kind": "movement", "is_active": True}
    return OnMap(**{**usual, "changed_at": NOW - ago, **said})


@pytest.mark.parametrize(
    ("minutes", "age"), [(59, "fresh"), (61, "old"), (179, "old"), (181, "last-known")]
)
def test_a_convoy_grows_old_in_three_steps(minutes, age):
    """An hour without word is old, three are where it was last known."""
    assert age_of(told(Duration(minutes=minutes)), NOW) == age


@pytest.mark.parametrize(
    "said", [{"kind": "site"}, {"is_active": False}, {"changed_at": None}]
)
def test_what_stands_or_has_not_left_does_not(said):
    """A site stays where it is; a convoy that has not left was not to be heard of."""
    assert age_of(told(Duration(days=2), **said), NOW) == "fresh"
