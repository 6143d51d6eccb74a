"""Hold the Admiralty grades of sources and of what they say (AJP-2.1)."""

from enum import StrEnum


class Reliability(StrEnum):
    """Grade a source by the Admiralty code (AJP-2.1), A to F."""

    A = "A"
    """Completely reliable."""
    B = "B"
    """Usually reliable."""
    C = "C"
    """Fairly reliable."""
    D = "D"
    """Not usually reliable."""
    E = "E"
    """Unreliable."""
    F = "F"
    """Cannot be judged."""


class Credibility(StrEnum):
    """Grade what is said by the Admiralty code (AJP-2.1), 1 to 6."""

    CONFIRMED = "1"
    PROBABLE = "2"
    POSSIBLE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    NOT_JUDGED = "6"
