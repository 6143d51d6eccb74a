"""The page of couriers shows what really leaves, word by word."""

import json
from pathlib import Path

import msgspec
import pytest

from clearline.adapters.couriers.push import RING_FOR_S, TELL_FOR_S, _shown
from clearline.adapters.couriers.queue import RING_FOR, TELL_FOR
from clearline.adapters.couriers.webhook import _body
from clearline.model.calls import AttemptId, Call, CallId, Card, Kind, Precedence
from clearline.model.parties import DeskId, Medium, PersonId
from clearline.model.places import Place, PlaceFormat, Point, Position
from clearline.service.calling import Ring
from clearline.service.words import About, ring_words
from clearline.wire.gsm import segments
from phone import NOON, Line

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "couriers.md").read_text(
    encoding="utf-8"
)
CODE = "481516"


def call() -> Call:
    """Raise the call the page tells of."""
    line = Line()
    where = Place(
        footprint=Point(position=Position(lon=40.176, lat=35.2854), precision_m=5.0),
        text="35.2854N 40.1760E",
        format=PlaceFormat.DECIMAL,
    )
    card = Card(
        where=where, what="Shelling of the hospital", why="we see impacts", confidence=3
    )
    line.raises(card=card, call="9f2c")
    return line.call("9f2c")


def about(*, is_outside: bool = False) -> About:
    """Say what is said around it."""
    return About(call=call(), desk="North Ops", party="North", is_outside=is_outside)


def ring(medium: Medium) -> Ring:
    """Make the ring the page shows."""
    return Ring(
        attempt=AttemptId("9f2c.1.1"),
        call=CallId("9f2c"),
        number=1,
        kind=Kind.STOP,
        precedence=Precedence.FLASH,
        person=PersonId("duty"),
        desk=DeskId("south-ops"),
        medium=medium,
        address="",
        code="",
        words=ring_words(about(), "en", ""),
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_short_message_on_the_page_is_the_one_sent(language: str) -> None:
    """What the page shows is one message, and the very one."""
    short = ring_words(about(), language, CODE).short
    assert f"\n{short}\n" in PAGE
    assert segments(short) == 1


def test_the_letter_and_the_speech_on_the_page_are_the_ones_sent() -> None:
    """The whole letter, its subject, and what a voice says."""
    words = ring_words(about(), "en", CODE)
    assert f"\n{words.text}" in PAGE
    assert f"Subject: {words.subject}\n" in PAGE
    assert f"\n{words.spoken}\n" in PAGE


def test_what_outsiders_read_on_the_page_is_what_they_are_sent() -> None:
    """The number and whom to call."""
    assert f"\n{ring_words(about(is_outside=True), 'en', CODE).short}\n" in PAGE


def test_the_posts_on_the_page_are_the_ones_made() -> None:
    """The webhook's body and what a browser shows, field by field."""
    for made in (_body(ring(Medium.WEBHOOK), NOON), _shown(ring(Medium.PUSH))):
        pretty = json.dumps(msgspec.to_builtins(made), indent=2, ensure_ascii=False)
        assert f"\n{pretty}\n" in PAGE


def test_the_page_gives_the_clocks_there_are() -> None:
    """How long a ring and a message are tried, and kept."""
    assert f"{RING_FOR.total_seconds():.0f} s" in PAGE
    assert f"{TELL_FOR.total_seconds() / 60:.0f} min" in PAGE
    assert f"`TTL: {RING_FOR_S}` for a ring, `TTL: {TELL_FOR_S}`" in PAGE
