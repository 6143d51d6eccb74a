"""A desk's telephone numbers are set on the page Admin, with no script."""

import re

from api.test_console_faults import looking


def post(client, numbers):
    """Press the button of the form."""
    csrf = re.search(r'data-csrf="([^"]*)"', client.get("/").text)[1]
    given = {"desk": "south-ops", "numbers": numbers, "csrf": csrf}
    return client.post("/admin/numbers", data=given, follow_redirects=True)


def test_a_desk_s_numbers_are_set_read_and_taken_away(node):
    """All of them at once, the first to try first; one that is none is refused."""
    with looking(node, "admin") as admin, node.as_person("duty") as duty:
        said = post(admin, "+15550100 = duty\n\n+1 555 0101\n")
        assert "+15550100" in said.text
        (card,) = duty.get("/api/v1/phone-cards?desk=south-ops").json()["items"]
        assert [one["number"] for one in card["numbers"]] == [
            "+15550100",
            "+15550101",
        ]
        assert [one["says"] for one in card["numbers"]] == ["duty", ""]
        wrong = post(admin, "ask the guard")
        assert "Not done" in wrong.text
        assert "ask the guard" in wrong.text
        post(admin, "")
        (card,) = duty.get("/api/v1/phone-cards?desk=south-ops").json()["items"]
        assert card["numbers"] == []
    with looking(node, "duty") as other:
        assert post(other, "+15550199").status_code == 403
