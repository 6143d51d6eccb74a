"""The log that others mirror says how long it is, and not one word of what it says.

What may be held by anybody: tiles, checkpoint and the log written out as plain files. A
position moves not a byte of it; a site that nobody was told of moves its length alone,
and what it says cannot be found in it by trying.
"""

import base64
import hashlib
import json

from msgspec.structs import replace

from api.test_leaks import NORTH, World, world
from clearline.adapters.proving import export_log
from clearline.ledger.tiles import TileName, tiles_of
from clearline.model.notice_details import PositionDetails
from notice_forms import SITE

__all__ = ["world"]

OTHER = replace(SITE, ref="N-18", name_en="Other clinic of nobody")
PLAIN = (
    b"hidden-site",
    b"N-18",
    b"Other clinic",
    b"hidden-post",
    b"40.0123",
    b"strike",
)
"""What would give away that it is there, or where."""


def written_out(world: World, folder, content: str = "none") -> dict[str, bytes]:
    """Write the first log out as its operator does, and read every file of it."""
    export_log(world.node.service.folder, folder, discloses=lambda _: content == "all")
    return {
        str(path.relative_to(folder)): _opened(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _opened(path) -> bytes:
    """Read a file; of disclosed entries, what their envelopes say."""
    if path.suffix != ".jsonl":
        return path.read_bytes()
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    payloads = [json.loads(row["envelope"])["payload"] for row in rows]
    return b"\n".join(map(base64.b64decode, payloads))


def tiles(world: World) -> dict[TileName, bytes]:
    """Read every tile of the first log, as whoever mirrors it is given it."""
    log = world.node.service.node.log
    return {
        name: log.tile(name.level, name.number, name.width)
        for name in tiles_of(log.size)
    }


def test_a_position_moves_no_byte_of_what_others_may_hold(world, tmp_path):
    """Filed, met and rung about: tiles and written-out log are as they were."""
    before = tiles(world), written_out(world, tmp_path / "before")
    world.file("hidden-post", NORTH, PositionDetails())
    assert list(world.own.node.picture.calls.values())
    assert (tiles(world), written_out(world, tmp_path / "after")) == before


def test_a_hidden_site_moves_the_length_and_is_found_by_no_trying(world, tmp_path):
    """Only salted commitments are there: no word of the entry, nor a hash of one."""
    size = world.node.service.node.log.size
    world.file("hidden-site", NORTH, OTHER)
    after = written_out(world, tmp_path / "after")
    assert not [name for name in after if name.startswith("content")]
    every = b"".join((*after.values(), *tiles(world).values()))
    assert [one for one in PLAIN if one in every] == []
    log = world.node.service.node.log
    assert log.size > size
    tried = [
        hashlib.sha256(prefix + said).digest()
        for _, payload in log.read(size, log.size)
        for said in (payload, b"hidden-site", b"N-18")
        for prefix in (b"", b"\0")
    ]
    assert [one for one in tried if one in every] == []


def test_what_is_written_out_with_its_content_does_say_it(world, tmp_path):
    """The tests above can fail: where its operator discloses it, it is there."""
    world.file("hidden-site", NORTH, OTHER)
    every = b"".join(written_out(world, tmp_path / "all", "all").values())
    assert b"hidden-site" in every
    world.file("hidden-post", NORTH, PositionDetails())
    every = b"".join(written_out(world, tmp_path / "again", "all").values())
    assert b"hidden-post" not in every  # the own log is written out by nobody
