"""How a place is read back that nobody can put on a map, or that comes back whole."""

from clearline.model.places import Circle, Place, PlaceFormat, Position, Unlocated
from clearline.model.readback import ElementKind, ElementOutcome, ReadbackElement
from clearline.rules.readback import compare_readback


def _where(text: str, place: Place | None = None) -> ReadbackElement:
    return ReadbackElement(name="where", kind=ElementKind.PLACE, text=text, place=place)


def _outcome(sent: ReadbackElement, said: ReadbackElement) -> ElementOutcome:
    (element,) = compare_readback((sent,), (said,)).elements
    return element.outcome


def test_a_name_that_is_nowhere_is_read_back_in_its_own_words() -> None:
    """A STOP about a hill nobody located can be read back; another hill cannot."""
    hill = Place(
        footprint=Unlocated(name="Kroum hill"),
        text="Kroum hill",
        format=PlaceFormat.NAME,
    )
    sent = _where("Kroum hill", hill)
    assert _outcome(sent, _where("kroum HILL")) is ElementOutcome.MATCHES
    assert _outcome(sent, sent) is ElementOutcome.MATCHES
    assert _outcome(sent, _where("Tharda hill")) is ElementOutcome.DIFFERS


def test_a_vague_place_said_back_as_it_was_sent_is_the_same_place() -> None:
    """However coarse an area is, the very same area was read back right."""
    area = Place(
        footprint=Circle(
            centre=Position(lon=40.0, lat=35.0), radius_m=500.0, precision_m=9_000.0
        ),
        text="within 500 m of the bridge",
        format=PlaceFormat.BEARING_RANGE,
    )
    sent = _where(area.text, area)
    assert _outcome(sent, sent) is ElementOutcome.MATCHES
