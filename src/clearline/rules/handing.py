"""Write down what leaves as a file, before it does.

What may leave is decided by `rules.disclosure`, notice by notice, when the file is
made. Here it becomes an entry, so that an owner can be told who had which notice, how
exactly, and when.
"""

from clearline.model.entries import Act
from clearline.model.handing import HandOut, NoticesHandedOut
from clearline.model.instants import Instant
from clearline.picture.picture import Picture


def hand_out(picture: Picture, asked: HandOut, now: Instant) -> tuple[Act, ...]:
    """Write down that a file leaves; one without a notice in it leaves no trace."""
    del picture, now
    if not asked.own and not asked.notices:
        return ()
    return (
        NoticesHandedOut(
            by=asked.by,
            form=asked.form,
            sha256=asked.sha256,
            own=asked.own,
            notices=asked.notices,
        ),
    )
