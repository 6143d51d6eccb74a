"""Bring a language's catalogue up to date with what the console says.

    ./run test catalogues           every language there is
    ./run test catalogues -- fr     and one that is new

What the code says elsewhere comes from `sentences`. What is new stands at its place
with an empty translation; what is said no more is left out. A test fails as long as a
translation is missing.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parent))

from sentences import WORDS, sentences

ROOT = Path(__file__).parents[1]
CONSOLE = ROOT / "src" / "clearline" / "web" / "console"
LANGUAGES = CONSOLE / "languages"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_LEFT_OUT = (
    *("POT-Creation-Date", "PO-Revision-Date", "Generated-By", "Project-Id"),
    *("Report-Msgid-Bugs-To", "Last-Translator", "Language-Team"),
)
OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}


def said() -> Catalog:
    """Gather everything the console says, in the order it stands in the files."""
    found = Catalog(charset="utf-8")
    places = extract_from_dir(CONSOLE, METHODS, OPTIONS)
    for file, _line, message, _comments, context in sorted(
        places, key=lambda one: (one[0], one[1])
    ):
        found.add(message, None, [(file, 0)], context=context)
    for file, form in sentences():
        found.add(form, None, [(file, 0)], context="sentence")
    for word in WORDS:
        found.add(word, None, [("console/sentences.py", 0)], context="sentence")
    return found


def written(tag: str) -> bytes:
    """Write a language's catalogue as it should be now."""
    path = LANGUAGES / f"{tag}.po"
    if path.exists():
        with path.open("rb") as file:
            kept = read_po(file, locale=tag)
    else:
        kept = Catalog(locale=tag)
    kept.update(said(), no_fuzzy_matching=True)
    kept.obsolete.clear()
    kept.fuzzy = False
    kept.header_comment = f"# The console in {kept.locale.english_name}."
    made = io.BytesIO()
    write_po(made, kept, omit_header=False, include_lineno=False, width=0)
    lines = made.getvalue().decode().split("\n")
    dated = tuple(f'"{name}' for name in _LEFT_OUT)
    return "\n".join(one for one in lines if not one.startswith(dated)).encode()


def main() -> None:
    """Write every language's catalogue anew, and those named."""
    tags = {path.stem for path in LANGUAGES.glob("*.po")} | set(sys.argv[1:])
    for tag in sorted(tags):
        (LANGUAGES / f"{tag}.po").write_bytes(written(tag))


if __name__ == "__main__":
    main()
