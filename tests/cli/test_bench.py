"""What a bench measured is printed whole, whatever it is made of."""

from clearline.cli.bench import _show

MEASURED = {
    "rows": 20_000,
    "screen_ms": {"p50": 0.5, "p99": 1.5},
    "handed": ({"form": "kml", "megabytes": 30.5}, {"form": "csv", "megabytes": 5.0}),
    "load": (0.25, 2.75),
    "beside": None,
}


def test_every_figure_is_in_the_table(capsys):
    """Numbers, spreads, rows of a format by its name, and a load before and after."""
    _show(MEASURED, as_json=False)
    said = " ".join(capsys.readouterr().out.split())
    for figure in (
        "rows 20,000",
        "p99 1.5",
        "kml: megabytes 30.5",
        "csv: megabytes 5.0",
    ):
        assert figure in said
    assert "0.25" in said
    assert "2.75" in said
    assert "beside" not in said
