"""Name what the judge answers about a pair of pieces: a sum of these.

They stand apart from `geo.kernels`, so that who only reads an answer loads no
compiled code.
"""

from typing import Final

APART: Final = 0
"""They do not meet."""
NEAR: Final = 1
"""They meet; for certain where none of the others is added."""
BAND_UNSURE: Final = 2
"""Whether the altitude bands meet cannot be told."""
PLACE_UNSURE: Final = 4
"""Beyond the buffers, but within what the places' precision leaves open."""
CLOSE: Final = 8
"""Within `geo.kernels.CLOSE_M` of a limit: `geo.certify` decides."""
