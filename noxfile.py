"""Run every check of this repository. `./run test` is the door to it.

    ./run test                    everything that can run; says what it left out
    ./run test --all              the same, and what is left out is a failure
    ./run test unit               one kind of promise
    ./run test unit -- -k merkle  with pytest's own arguments

Each session uses the one environment `./run` made, so nothing is installed twice.
With `--all` a skipped test fails the run unless its reason begins with "outside
data", which a test says when it needs data that is kept outside this repository. And
what fails beside others is run once more, alone: what passes then is named as shaky, a
fault to be found, and holds no change back.
"""

import os
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import nox

ROOT = Path(__file__).parent
REPORTS = ROOT / "build" / "test"
ALL = os.environ.get("CLEARLINE_TEST_ALL") == "1"
EXCUSED = "outside data"
NOT_BUILT: dict[str, str] = {}

nox.options.default_venv_backend = "none"
nox.options.sessions = ["lint", "types", "unit"]

# What this run of nox has seen, in order: a junit report or a reason a session.
ran: list[Path] = []
left_out: list[str] = []


def python(session: nox.Session, *arguments: str, may_fail: bool = False) -> None:
    """Run a module of the one environment, and never the caller's own folder."""
    codes = [0, 1] if may_fail else [0]  # 1: pytest ran, and tests failed
    session.run(sys.executable, "-P", *arguments, success_codes=codes)


def run_tests(session: nox.Session, kind: str) -> None:
    """Run the tests of one kind of promise and keep what they report."""
    folder = ROOT / "tests" / kind
    if not any(folder.rglob("test_*.py")):
        if kind not in NOT_BUILT:
            session.error(f"tests/{kind} holds no test, and it should")
        left_out.append(f"{kind}: {NOT_BUILT[kind]}")
        session.skip(NOT_BUILT[kind])
    report = REPORTS / f"{kind}.xml"
    report.unlink(missing_ok=True)
    alone(report).unlink(missing_ok=True)
    ran.append(report)
    # Every kind on all cores, but for pages: their one build is most of their time.
    spread = () if kind == "docs" else ("-n", "auto", "--maxprocesses", "8")
    tests = ("-m", "pytest", str(folder), "-q")
    python(
        session,
        *(*tests, f"--junit-xml={report}", *spread, *session.posargs),
        may_fail=ALL,
    )
    if ALL and "failed" in outcomes(report).values():
        session.warn("Some failed; they are run once more, alone.")
        python(session, *tests, f"--junit-xml={alone(report)}", "--last-failed")


def alone(report: Path) -> Path:
    """Return where it is reported what failed tests did when they ran alone."""
    return report.with_stem(f"{report.stem}-alone")


def outcomes(report: Path) -> dict[str, str]:
    """Read what became of each test: passed, failed, or why it was skipped."""
    if not report.exists():
        return {}
    found: dict[str, str] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 (our own file)
        name, skip = f"{case.get('classname')}.{case.get('name')}", case.find("skipped")
        if skip is not None:
            found[name] = skip.get("message", "no reason given")
        elif case.find("failure") is None and case.find("error") is None:
            found.setdefault(
                name, "passed"
            )  # a teardown that failed is a case of its own
        else:
            found[name] = "failed"
    return found


@nox.session(tags=["all"])
def lint(session: nox.Session) -> None:
    """Ruff's rules and format, and the floors of the house."""
    python(session, "-m", "ruff", "check", ".")
    python(session, "-m", "ruff", "format", "--check", ".")
    floors = "from importlinter.cli import lint_imports_command as keep; keep()"
    python(session, "-c", floors, "--no-logo")


@nox.session(tags=["all"])
def types(session: nox.Session) -> None:
    """Strict types over src, and over the console's scripts."""
    python(session, "-m", "mypy")
    scripts = ROOT / "console" / "node_modules" / ".bin" / "tsc"
    node = Path(sys.executable).with_name("node")
    session.run(str(node), str(scripts), "-p", str(ROOT / "console"), external=True)


@nox.session(tags=["all"])
def unit(session: nox.Session) -> None:
    """One room at a time, pure, milliseconds."""
    run_tests(session, "unit")


@nox.session(tags=["all"])
def properties(session: nox.Session) -> None:
    """Laws that hold for every input Hypothesis can think of."""
    run_tests(session, "properties")


@nox.session(tags=["all"])
def contract(session: nox.Session) -> None:
    """One suite over every adapter of a port."""
    run_tests(session, "contract")


@nox.session(tags=["all"])
def scenarios(session: nox.Session) -> None:
    """Incidents replayed as plays, against what must be found."""
    run_tests(session, "scenarios")


@nox.session(tags=["all"])
def faults(session: nox.Session) -> None:
    """Every effect broken before and after it took place, then a restart."""
    run_tests(session, "faults")


@nox.session(tags=["all"])
def cli(session: nox.Session) -> None:
    """What a command prints, and how it ends."""
    run_tests(session, "cli")


@nox.session(tags=["all"])
def api(session: nox.Session) -> None:
    """What the HTTP API answers."""
    run_tests(session, "api")


@nox.session(tags=["all"])
def browser(session: nox.Session) -> None:
    """The console, driven as a person drives it."""
    run_tests(session, "browser")


@nox.session(tags=["all"])
def docs(session: nox.Session) -> None:
    """Every page builds, every link leads somewhere, every example runs."""
    run_tests(session, "docs")


@nox.session(tags=["all"])
def summary(session: nox.Session) -> None:
    """Add up what ran, and say what was left out and why."""
    passed, failed, skips, shaky = 0, 0, [], []
    for report in ran:
        if not report.exists():
            session.warn(f"{report.stem} broke off before it could report.")
            failed += 1
            continue
        beside, by_itself = outcomes(report), outcomes(alone(report))
        for name, outcome in {**beside, **by_itself}.items():
            passed += outcome == "passed"
            failed += outcome == "failed"
            if outcome not in ("passed", "failed"):
                skips.append((name, outcome))
            elif (beside.get(name), outcome) == ("failed", "passed"):
                shaky.append(name)
    say = session.log
    for line in left_out:
        say(f"left out: {line}")
    for name in shaky:
        say(f"shaky: {name} failed beside others and passed alone")
    for name, reason in skips:
        say(f"skipped: {name}: {reason}")
    print(f"{passed} passed, {failed} failed, {len(skips)} skipped", flush=True)  # noqa: T201 (the last word of the run)
    unexcused = [name for name, reason in skips if not reason.startswith(EXCUSED)]
    if ALL and unexcused:
        session.error(f"{len(unexcused)} skipped tests; with --all a skip is a failure")


@nox.session
def coverage(session: nox.Session) -> None:
    """Show which branches no test walks: a lamp, not a target."""
    data = f"--data-file={REPORTS / 'coverage'}"
    kinds = ("unit", "properties", "contract", "scenarios", "cli")
    folders = [str(ROOT / "tests" / kind) for kind in kinds]
    present = [folder for folder in folders if Path(folder).is_dir()]
    python(
        session,
        *("-m", "coverage", "run", "--branch", "--source=clearline", data),
        *("-m", "pytest", "-q", *present, *session.posargs),
    )
    python(
        session, "-m", "coverage", "report", data, "--skip-covered", "--show-missing"
    )


@nox.session
def reference(session: nox.Session) -> None:
    """Write the reference pages that follow from the code anew."""
    session.env["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT / 'tests'}"
    python(session, "-m", "docs.generated")


@nox.session
def screenshots(session: nox.Session) -> None:
    """Take a picture of every screen, theme and language, to be looked at."""
    session.env["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT / 'tests'}"
    python(session, "-m", "browser.pictures", *session.posargs)


@nox.session
def pictures(session: nox.Session) -> None:
    """Walk the tutorial and take the pictures of the pages anew, to be looked at."""
    session.env["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT / 'tests'}"
    session.env["CLEARLINE_PICTURES"] = "1"
    walk = str(ROOT / "tests" / "browser" / "test_tutorial.py")
    python(session, "-m", "pytest", "-q", walk, "-k", "goes", *session.posargs)
    python(session, "-m", "browser.pictures", "docs")


@nox.session
def catalogues(session: nox.Session) -> None:
    """Bring the console's catalogues up to date with what it says."""
    python(session, str(ROOT / "console" / "catalogue.py"), *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements/*.txt anew from pyproject.toml (needs the package index)."""
    with_hashes = (
        *("-m", "uv", "pip", "compile", "--quiet", "--generate-hashes"),
        *("--universal", "--python-version", "3.11"),
        *("--no-emit-index-url", "--no-header", *session.posargs),
    )
    requirements = ROOT / "requirements"
    run, dev = requirements / "run.txt", requirements / "dev.txt"
    console = requirements / "console.txt"
    python(session, *with_hashes, "pyproject.toml", "-o", str(run))
    same_versions = ("--group", "dev", "--constraint", str(run))
    python(session, *with_hashes, *same_versions, "-o", str(dev))
    python(session, *with_hashes, "--group", "console", "-o", str(console))
    # Last, because uv obeys these too where one file constrains the other; and in
    # this order, because to pip a later `--only-binary :all:` would undo the other.
    choices = {run: "--only-binary :all:\n", console: "--only-binary :all:\n"}
    as_source = ("fido2", "http-ece", "taky")
    choices[dev] = choices[run] + "".join(f"--no-binary {one}\n" for one in as_source)
    for file, choice in choices.items():
        locked = file.read_text(encoding="utf-8").removeprefix(choice).lstrip("\n")
        file.write_text(choice + "\n" + locked)


@nox.session
def hooks(session: nox.Session) -> None:
    """Put the checks of .pre-commit-config.yaml before every commit."""
    python(session, "-m", "prek", "install")


@nox.session
def clean(session: nox.Session) -> None:
    """Remove what the checks leave behind; the environment stays."""
    for name in ("build", "site", ".mypy_cache", ".ruff_cache", ".pytest_cache"):
        session.log(name)
        shutil.rmtree(ROOT / name, ignore_errors=True)
