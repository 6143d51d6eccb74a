"""Tests run the code that set-up compiled, and say how Hypothesis draws."""

import os

from hypothesis import settings

from clearline.cli.compiled import keep_versions_apart

keep_versions_apart()

# Nothing is timed, and a failure prints how to repeat it. What judges a change
# (`./run test --all`) draws the same examples each time, so that it is the change that
# is judged; anybody else's run draws new ones.
settings.register_profile(
    "clearline",
    deadline=None,
    print_blob=True,
    derandomize=os.environ.get("CLEARLINE_TEST_ALL") == "1",
)
settings.load_profile("clearline")
