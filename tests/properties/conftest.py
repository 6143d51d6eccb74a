"""How Hypothesis runs here: nothing is timed, and a failure prints how to repeat it."""

from hypothesis import settings

settings.register_profile("clearline", deadline=None, print_blob=True)
settings.load_profile("clearline")
