"""How much each desk is calling, of what whoever asks may see."""


def test_a_source_is_counted_for_those_who_may_see_its_calls(node):
    """Both sides see it as one with its rate; a desk it never called sees nothing."""
    with (
        node.as_person("lina") as lina,
        node.as_person("duty") as duty,
        node.as_person("observer") as observer,
    ):
        for number in range(5):
            card = {"what": "shelling", "where": f"37S FV 04{number} 031"}
            given = {"id": f"s{number}", "to_desk": "south-ops", "card": card}
            assert lina.post("/api/v1/calls", json=given).status_code == 201
        assert duty.post("/api/v1/calls/s0/acknowledgement").status_code == 200
        for client in (lina, duty):
            (source,) = client.get("/api/v1/sources").json()["items"]
            assert (source["desk"], source["party"]) == ("north-ops", "north")
            assert (source["open"], source["last_minute"]) == (5, 5)
            assert (source["places"], source["unanswered"]) == (5, 4)
            (call, *_) = client.get("/api/v1/calls").json()["items"]
            assert call["source_last_minute"] == 5
            assert client.get("/api/v1/calls/s0").json()["source_last_minute"] == 5
        assert observer.get("/api/v1/sources").json() == {"items": []}
