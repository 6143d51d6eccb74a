"""What hangs on what stands: ETag, If-None-Match, If-Match."""

import concurrent.futures
import threading

import pytest

PATH = "/api/v1/parties/south"


@pytest.mark.parametrize(
    "path",
    ["/api/v1/parties", PATH, "/api/v1/calls", "/api/v1/desks/south-ops/watch"],
)
def test_what_did_not_change_is_not_sent_again(shared, path):
    """With the tag of the last answer comes 304 and no body."""
    with shared.as_person("duty") as duty:
        first = duty.get(path)
        tag = first.headers["etag"]
        again = duty.get(path, headers={"if-none-match": tag})
        other = duty.get(path, headers={"if-none-match": '"of something else"'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize(
    "form", ["{}", '"another", {}', "W/{}", '"a" ,W/{} , "b"', "*"]
)
def test_a_tag_is_found_however_it_is_written(shared, form):
    """A list of tags, weak ones and the star mean what RFC 9110 says (13.1.2)."""
    with shared.as_person("duty") as duty:
        tag = duty.get(PATH).headers["etag"]
        again = duty.get(PATH, headers={"if-none-match": form.format(tag)})
    assert again.status_code == 304


def test_two_callers_who_see_otherwise_have_other_tags(shared):
    """A tag is of the answer: nobody is told "unchanged" about what others see."""
    with shared.as_person("duty") as duty, shared.as_person("observer") as observer:
        duty.post("/api/v1/calls", json={"to_desk": "north-ops"})
        seen = duty.get("/api/v1/calls").headers["etag"]
        hidden = observer.get("/api/v1/calls", headers={"if-none-match": seen})
    assert hidden.status_code == 200


def test_a_change_to_what_somebody_else_changed_is_refused(shared):
    """Whoever read an older state is told so, and nothing is overwritten."""
    with shared.as_person("admin") as admin:
        tag = admin.get(PATH).headers["etag"]
        given = {"name": "South", "standing": "party"}
        first = admin.put(PATH, json=given, headers={"if-match": tag})
        assert first.status_code == 200, first.text
        late = {**given, "name": "overwritten"}
        second = admin.put(PATH, json=late, headers={"if-match": tag})
        assert second.status_code == 412
        assert second.json()["type"].endswith("#changedmeanwhile")
        assert admin.get(PATH).json()["name"] == "South"
        now = admin.get(PATH).headers["etag"]
        given = {**given, "name": "south"}
        assert admin.put(PATH, json=given, headers={"if-match": now}).is_success


@pytest.mark.parametrize("wanted", ['"no such tag"', "W/{}", "garbage", ""])
def test_a_condition_that_does_not_hold_changes_nothing(shared, wanted):
    """Another tag, a weak one, or what is no tag at all: refused, never let through."""
    with shared.as_person("admin") as admin:
        tag = admin.get(PATH).headers["etag"]
        size = shared.service.node.log.size
        said = admin.put(
            PATH, json={"name": "other"}, headers={"if-match": wanted.format(tag)}
        )
        assert said.status_code == 412
        assert shared.service.node.log.size == size


def test_something_is_entered_only_where_nothing_stands(shared):
    """`If-None-Match: *` enters and never overwrites; `If-Match: *` the other way."""
    path, given = "/api/v1/parties/west", {"name": "West"}
    only_new, only_old = {"if-none-match": "*"}, {"if-match": "*"}
    with shared.as_person("admin") as admin:
        assert admin.put(path, json=given, headers=only_old).status_code == 412
        assert admin.put(path, json=given, headers=only_new).status_code == 200
        assert admin.put(path, json=given, headers=only_new).status_code == 412
        assert admin.put(path, json=given, headers=only_old).status_code == 200


def test_a_condition_on_what_cannot_be_read_is_refused(shared):
    """A PIN has no tag: whoever sends one means something that is not so."""
    with shared.as_person("admin") as admin:
        path = "/api/v1/persons/lina/pin"
        said = admin.put(path, json={"pin": "493817"}, headers={"if-match": '"x"'})
    assert said.status_code == 412


def test_of_two_who_change_the_same_state_at_once_one_wins(shared):
    """However they interleave, exactly one of many with the same tag is taken."""
    many = 8
    with shared.as_person("admin") as admin:
        tag = admin.get(PATH).headers["etag"]
    at_once = threading.Barrier(many)

    def change(number):
        with shared.as_person("admin") as admin:
            at_once.wait(10)
            return admin.put(
                PATH, json={"name": f"South {number}"}, headers={"if-match": tag}
            ).status_code

    with concurrent.futures.ThreadPoolExecutor(many) as pool:
        said = sorted(pool.map(change, range(many)))
    assert said == [200] + [412] * (many - 1)
