"""Draw what a replay needs, from a seed: the same seed, the same bytes.

Numbers are drawn by name, not in turn. Whatever else a run draws or leaves out, the
third ring of the interpreter's screen meets the same luck in run 17, with a knob
turned or not; so two settings are compared on the same days (common random
numbers), and a difference between them is the setting's.
"""

import math
import random
from statistics import NormalDist
from typing import Final

from clearline.model.cast import Delay, Fixed, Lognormal, Uniform

_NORMAL: Final = NormalDist()
_LEAST: Final = 2.0**-53


class SeededChance:
    """Draw keys, salts and ids; the contract is `service.ports.Chance`.

    For replays alone: whoever knows the seed knows the keys.
    """

    def __init__(self, *name: object) -> None:
        """Draw from the stream of that name."""
        self._stream = _stream(name)

    def draw(self, size: int) -> bytes:
        """Draw `size` bytes."""
        return self._stream.randbytes(size)


class Draws:
    """Draw the numbers of one run."""

    def __init__(self, seed: int, run: int) -> None:
        """Draw for run number `run`, from 0, of a replay with `seed`."""
        self._name = (seed, run)
        self._drawn: dict[tuple[object, ...], tuple[random.Random, list[float]]] = {}

    def stream(self, *name: object) -> random.Random:
        """Return a stream of its own for `name`."""
        return _stream((*self._name, *name))

    def share(self, *name: object, number: int = 1) -> float:
        """Draw a number in [0, 1) for `name`, alike for all of them.

        Args:
            name: What it is drawn for.
            number: The how manieth time it is drawn for it, from 1.
        """
        known = self._drawn.get(name)
        if known is None:
            known = self._drawn[name] = (self.stream(*name), [])
        stream, drawn = known
        while len(drawn) < number:
            drawn.append(stream.random())
        return drawn[number - 1]

    def happens(self, probability: float, *name: object, number: int = 1) -> bool:
        """Say whether something of this probability happens; 0 never, 1 always."""
        return self.share(*name, "fails", number=number) < probability

    def seconds(self, delay: Delay, *name: object, number: int = 1) -> float:
        """Draw how long something takes, seconds.

        A slower `delay` of the same shape is slower in every run, never in the
        median alone.
        """
        match delay:
            case Fixed():
                return delay.seconds
            case Uniform():
                share = self.share(*name, number=number)
                return delay.least_s + share * (delay.most_s - delay.least_s)
            case Lognormal():
                share = max(self.share(*name, number=number), _LEAST)
                deviation = _NORMAL.inv_cdf(share)
                return delay.median_s * math.exp(delay.sigma * deviation)


def _stream(name: tuple[object, ...]) -> random.Random:
    return random.Random("/".join(map(str, name)))  # noqa: S311 (a replay's luck, no secret)
