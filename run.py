#!/usr/bin/env python3
"""The one file to start: it sets elearn up on this machine, then becomes elearn.

Standard library only, and readable by Python 3.6, so that an old Python can say that it is too old. Set up means:
a virtual environment, the packages of requirements/run.txt to the byte (hashes), and Pango for the certificates.
A stamp in the environment makes every later start go straight to the program. Nothing is kept anywhere else.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

HERE = Path(os.path.realpath(__file__)).parent
OLDEST_PYTHON = (3, 11)
MACHINES = ("x86_64", "aarch64")
KINDS = {"run": ["run"], "postgres": ["run", "postgres"], "check": ["run", "postgres", "check"]}
"""Lock in requirements/ -> the locks that are satisfied with it."""
ROOM_MB = {"run": 450, "postgres": 480, "check": 900}  # what the environment takes, and pip's unpacking beside it
PANGO_PACKAGES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"]
HELP = """\
elearn: training for border officers, with or without a line.

  python3 run.py            set up what is missing, then run a post at http://127.0.0.1:8000
  python3 run.py check      set up for development too, then run every check and test

  python3 run.py --demo     run a post and a hub filled with invented officers
  python3 run.py hub        run a hub
  python3 run.py setup      only set up, from the start (also mends a damaged set-up)
  python3 run.py wheels     fill the folder wheels/, for machines without a line
  python3 run.py COMMAND    any other command of elearn; `python3 run.py serve --help` tells about one

Settings: ELEARN_DATA (folder of the post, ./data), ELEARN_PORT (8000), ELEARN_VENV (where to set up, .venv beside
run.py), ELEARN_DATABASE (a hub's data in PostgreSQL: postgresql://...). Packages come from wheels/ beside run.py
where it has them, else from the index pip is configured for.
"""


class SetupError(Exception):
    """Set-up can't go on; the text says what, where and what to do."""


# --- what this machine is -------------------------------------------------------------------------------------------


def check_machine(version, bits, machine, system="Linux"):
    """Raise SetupError if no packages can be had for this kind of machine."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        raise SetupError(
            "this is Python {}.{}, and elearn needs 3.11 or newer.\n"
            "  Debian 12, Ubuntu 24.04 and Raspberry Pi OS 12 bring it. If this machine has a newer one beside,\n"
            "  name it: python3.11 run.py".format(*version[:2])
        )
    if bits < 64 or (system == "Linux" and machine not in MACHINES):
        raise SetupError(
            f"this system is {bits}-bit {machine}, and one of the packages (icu4py, which finds words in Khmer, Lao,\n"
            "  Burmese and Thai) is made for 64-bit x86_64 and aarch64 only.\n"
            "  On a Raspberry Pi 3, 4 or 5 install the 64-bit Raspberry Pi OS, then start again."
        )


def venv_folder(environ, here=HERE):
    """Return where to set up: ELEARN_VENV, else .venv of the checkout."""
    named = environ.get("ELEARN_VENV")
    return Path(named).expanduser().resolve() if named else here / ".venv"


# --- the stamp: is the set-up the one this checkout wants? ----------------------------------------------------------


def running_kind(environ):
    """Return which packages running needs: those for PostgreSQL only where a hub's data is to lie there."""
    address = environ.get("ELEARN_DATABASE", "")
    return "postgres" if address.startswith(("postgresql://", "postgres://")) else "run"


def wanted_stamp(kind, here=HERE):
    """Return the stamp's line for a kind (run, postgres, check): which packages, for which Python."""
    digest = hashlib.sha256((here / "requirements" / f"{kind}.txt").read_bytes()).hexdigest()
    return f"{kind} {digest} python {sys.version_info[0]}.{sys.version_info[1]} {platform_name()}"


def platform_name():
    """Return system and machine; os.uname because platform.machine() would cost 5 ms at every start."""
    uname = os.uname()
    return f"{uname.sysname} {uname.machine}"


def is_ready(venv, kind, here=HERE):
    """Tell if this environment was set up whole for this checkout and this Python."""
    try:
        stamp = (venv / "elearn-stamp").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return False
    return wanted_stamp(kind, here) in stamp and os.access(str(venv / "bin" / "python"), os.X_OK)


# --- steps ----------------------------------------------------------------------------------------------------------


class Steps:
    """Numbered plain lines on the terminal: [2/4] what is being done."""

    def __init__(self, total):
        self.total = total
        self.number = 0

    def begin(self, sentence):
        self.number += 1
        say(f"[{self.number}/{self.total}] {sentence}")

    def detail(self, sentence):
        say(f"      {sentence}")


def say(line):
    """Print at once, also into a pipe."""
    print(line, flush=True)


def prepare(venv, kind, anew=False):
    """Bring the environment to what the checkout wants; do nothing if it is so already."""
    if not anew and is_ready(venv, kind):
        return
    refuse_foreign_folder(venv)
    open_folder(venv)
    with only_one(venv):
        if not anew and is_ready(venv, kind):
            return  # another start did it while this one waited
        steps = Steps(4)
        say(f"Setting up elearn in {venv} (once; later starts skip this).")
        steps.begin(f"This machine: Python {platform.python_version()}, {platform_name()}")
        check_room(venv, kind)
        steps.begin("An environment of its own for Python")
        make_environment(venv, anew)
        lock = HERE / "requirements" / f"{kind}.txt"
        steps.begin(f"{len(locked_names(lock))} packages, each checked against its hash")
        install_packages(venv, lock, HERE / "wheels", steps)
        steps.begin("Pango, which draws the certificates")
        steps.detail(provide_pango(venv))
        (venv / "elearn-stamp").write_text("".join(wanted_stamp(k) + "\n" for k in KINDS[kind]), encoding="utf-8")
        say("Set up.")


def open_folder(folder):
    """Make a folder; a checkout that can't be written is told where else to go."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)):
            pass
    except OSError as error:
        raise SetupError(
            f"cannot write in {folder}: {error.strerror}.\n"
            "  Name a folder you may write, for example: ELEARN_VENV=$HOME/elearn-venv python3 run.py"
        ) from error


@contextmanager
def only_one(venv):
    """Hold the set-up for one process: a post and a hub may be started in the same second."""
    import fcntl  # here, as Windows has none and is to be told so in words

    with (venv / "elearn-lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another start is setting up; waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def check_room(venv, kind):
    """Raise SetupError if the disk would fill up half-way."""
    free_mb = shutil.disk_usage(str(venv)).free // 1_000_000
    if free_mb < ROOM_MB[kind]:
        raise SetupError(
            f"{free_mb} MB free where {venv} lies, and setting up needs {ROOM_MB[kind]} MB.\n"
            "  Make room, or set ELEARN_VENV to a folder on a larger disk."
        )


def make_environment(venv, anew=False):
    """Make the environment, or keep a whole one. What was cut off half-way is made again from the start.

    The mark `elearn-unfinished` stands from here until the packages are in: pip takes a half-copied package for whole.
    """
    unfinished = venv / "elearn-unfinished"
    if anew or unfinished.exists() or not runs_here(venv):
        empty_folder(venv)
        python = getattr(sys, "_base_executable", None) or sys.executable
        code, text = outcome([python, "-m", "venv", "--without-pip", str(venv)])
        if code:
            raise SetupError(
                f"{python} -m venv did not work:\n{indent(text)}\n  Install it: apt-get install python3-venv"
            )
    unfinished.touch()
    if (venv / "elearn-stamp").exists():
        (venv / "elearn-stamp").unlink()


def runs_here(venv):
    """Tell if the environment's Python starts and is the version that runs this file."""
    question = "import sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info[:2])
    return works([str(venv / "bin" / "python"), "-c", question])


def refuse_foreign_folder(venv):
    """Raise SetupError if the folder named holds something else: setting up anew empties it."""
    marks = ("pyvenv.cfg", "elearn-unfinished", "elearn-lock")
    inside = sorted(path.name for path in venv.iterdir()) if venv.is_dir() else []
    if inside and not any(mark in inside for mark in marks):
        raise SetupError(
            f"{venv} holds files that are no Python environment ({inside[0]} ...).\n"
            "  Nothing was touched. Set ELEARN_VENV to an empty or a new folder."
        )


def empty_folder(venv):
    """Remove all but the lock another start may be waiting on, and the mark that this is unfinished."""
    (venv / "elearn-unfinished").touch()
    for path in venv.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        elif path.name not in ("elearn-lock", "elearn-unfinished"):
            path.unlink()


# --- packages -------------------------------------------------------------------------------------------------------


def locked_names(lock):
    """Return the names of the packages in a lock file."""
    return re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)


def pip_wheel(here=HERE):
    """Return the pip that travels with the checkout, checked against the lock.

    A minimal Debian has neither pip nor ensurepip; pip runs from its wheel as it is, and reads its configuration
    (index, certificates, proxy) by itself.
    """
    lock = (here / "requirements" / "run.txt").read_text(encoding="utf-8")
    entry = next(entry for entry in re.split(r"\n(?=\w)", lock) if entry.startswith("pip=="))
    version = re.split(r"[=\s]+", entry)[1]
    wheel = here / "requirements" / f"pip-{version}-py3-none-any.whl"
    if not wheel.exists():
        raise SetupError(f"{wheel} is missing.\n  Fetch the checkout again, or: git checkout -- requirements")
    if hashlib.sha256(wheel.read_bytes()).hexdigest() not in entry:
        raise SetupError(f"{wheel} is damaged: its hash is not the one in requirements/run.txt.\n"
                         "  Fetch the checkout again, or: git checkout -- requirements")  # fmt: skip
    return wheel


def sources(wheels):
    """Return what to tell pip about where packages are, best first: wheels/ alone, then wheels/ and the index."""
    if not any(wheels.glob("*.whl")):
        return [[]]
    # Few retries the second time: where wheels/ was needed, each package would wait for a line that is not there.
    return [["--no-index", "--find-links", str(wheels)], ["--retries", "1", "--find-links", str(wheels)]]


def pip_environment(environ):
    """Return the environment for pip: its configuration is kept, but for what would change what a lock means."""
    ours = {"PIP_CONSTRAINT": "", "PIP_REQUIREMENT": "", "PIP_USER": "0", "PIP_NO_INPUT": "1"}
    ours.update(PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1", PYTHONWARNINGS="ignore")
    return {**{name: value for name, value in environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}, **ours}


def install_packages(venv, lock, wheels, steps):
    """Install a lock into the environment, from wheels/ as far as it goes.

    Raise SetupError with pip's reason in plain words.
    """
    base = [str(venv / "bin" / "python"), str(pip_wheel() / "pip"), "install", "--require-hashes", "--no-deps"]
    base += ["--only-binary", ":all:", "--no-warn-script-location", "--progress-bar", "off", "-r", str(lock)]
    log = venv / "elearn-setup.log"
    tries = sources(wheels)
    for at, source in enumerate(tries):
        code = run_pip(base + source, log, len(locked_names(lock)))
        if code == 0:
            (venv / "elearn-unfinished").unlink()
            return
        if at + 1 < len(tries):
            steps.detail("The folder wheels/ does not hold all of them; asking the index for the rest.")
    raise SetupError(explain_pip(log.read_text(encoding="utf-8", errors="replace"), log))


def run_pip(command, log, total):
    """Run pip, its words into the log, how far it is onto the terminal; return its exit code."""
    seen = 0
    environ = pip_environment(os.environ)
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ)
    with pip, log.open("w", encoding="utf-8") as out:
        for raw in pip.stdout or ():
            line = raw.decode("utf-8", "replace")
            out.write(line)
            if line.startswith(("Collecting", "Ignoring", "Requirement already")):
                seen += 1
                show_progress(f"      {seen} of {total}", seen % 20 == 0)
            elif line.startswith("Installing collected"):
                show_progress("      unpacking", True)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    return pip.returncode


def show_progress(text, milestone):
    """On a terminal one line that changes; in a log only every milestone."""
    if sys.stdout.isatty():
        print("\r\033[K" + text, end="", flush=True)
    elif milestone:
        say(text)


PIP_REASONS = [
    (
        "No space left on device|Errno 28",
        """the disk is full.
  Make room, then start again: it goes on by itself.""",
    ),
    (
        "DO NOT MATCH THE HASHES",
        """a package is not the one that was locked (its hash differs): the index or the line altered it.
  Nothing of it was installed. Try again, or name another index: PIP_INDEX_URL=https://... python3 run.py""",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED|SSLError",
        """the certificate of the package index is not trusted here.
  Check this machine's clock; behind a proxy name the proxy's certificate: PIP_CERT=/path/to/ca.pem""",
    ),
    (
        "name resolution|NameResolutionError|NewConnectionError|Connection refused|Network is unreachable|Timeout|"
        "timed out|ProxyError|RemoteDisconnected|onnection broken|from versions: none",
        """the package index cannot be reached.
  With a line: check it, or name another index: PIP_INDEX_URL=https://... python3 run.py
  Without: on a machine of the same kind run `python3 run.py wheels`, carry the folder wheels/ here, beside run.py,
  and start again. What was already downloaded is kept.""",
    ),
    ("No matching distribution|not a supported wheel", "a package has no build for this machine and this Python."),
]


def explain_pip(text, log):
    """Return pip's failure in plain words, with its last lines and where the whole log is."""
    reason = next((words for pattern, words in PIP_REASONS if re.search(pattern, text)), "pip stopped.")
    last = [line for line in text.splitlines() if line.startswith("ERROR")][-2:] or text.splitlines()[-3:]
    return f"the packages could not be installed: {reason}\n{indent(chr(10).join(last))}\n  All of it: {log}"


def indent(text):
    return "\n".join("  | " + line for line in text.splitlines())


def outcome(command, environ=None, cwd=None):
    """Run a system command that asks nothing; return its exit code (127 if it is not there) and all it said."""
    environ = {**(environ or os.environ), "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=environ, cwd=cwd, check=False)  # fmt: skip
    except OSError as error:
        return 127, str(error)
    return done.returncode, done.stdout.decode("utf-8", "replace").strip()


def works(command, environ=None, cwd=None):
    """Run a system command that asks nothing; tell if it went well."""
    return outcome(command, environ, cwd)[0] == 0


# --- Pango, and what a machine without a line is brought --------------------------------------------------------------


def provide_pango(venv):
    """Return a line on how certificates will be drawn, after doing what can be done without asking anybody."""
    if pango_missing(venv) is None:
        return "Found."
    for words, attempt in pango_plan(os.geteuid() == 0, shutil.which("apt-get"), shutil.which("dpkg"), venv):
        say(f"      {words}")
        if attempt() and pango_missing(venv) is None:
            return "Found."
    return (
        f"Not to be had here ({pango_missing(venv)}): certificates are shown as pages to print instead of PDF.\n"
        f"      Later: apt-get install {' '.join(PANGO_PACKAGES)}"
    )


def pango_missing(venv):
    """Return None if the program finds Pango, else its reason; asked in the program's own words."""
    question = "from elearn.adapters.pango import find_pango; print(find_pango() or '', end='')"
    text = outcome([str(venv / "bin" / "python"), "-P", "-c", question], program_environment(venv, os.environ))[1]
    return text.splitlines()[-1] if text else None


def pango_plan(is_root, apt, dpkg, venv, wheels=HERE / "wheels"):
    """Return the ways to get Pango as pairs (what to tell, what to do), best first."""
    plan = []
    carried = carried_pango(wheels)
    if dpkg and carried.is_dir():
        plan.append((f"Unpacking it from {carried}.", lambda: unpack(carried, venv)))
    if apt and is_root:
        plan.append(("Installing it with apt-get.", lambda: apt_install(PANGO_PACKAGES)))
    elif apt and dpkg:
        plan.append((f"Unpacking it into {venv / 'pango'}, as only root may install it.", lambda: fetch_pango(venv)))
    return plan


def apt_install(packages):
    """Install Debian packages as root; refresh the lists only if they don't know the packages. Return success."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    return works(install) or (works(["apt-get", "update"]) and works(install))


def carried_pango(wheels):
    """Return the folder of wheels/ that may hold Pango for this very system: its packages fit no other release."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        text = ""
    named = dict(re.findall(r"^(ID|VERSION_ID)=\"?([^\"\n]*)", text, re.MULTILINE))
    return wheels / "-".join(["pango", named.get("ID", "linux"), named.get("VERSION_ID", "0"), os.uname().machine])


def fetch_pango(venv):
    """Download what this system lacks of Pango and unpack it beside, as any user. Return success."""
    with tempfile.TemporaryDirectory(prefix="elearn-pango-") as scratch:
        return fetch_debs(Path(scratch) / "debs", []) and unpack(Path(scratch) / "debs", venv)


def unpack(folder, venv):
    """Unpack Debian packages into <venv>/pango. Return success."""
    debs = sorted(folder.glob("*.deb"))
    return bool(debs) and all(works(["dpkg", "-x", str(deb), str(venv / "pango")]) for deb in debs)


def fetch_debs(target, options):
    """Download the packages that installing Pango would bring, without being root. Return success.

    First by the system's package lists, then by fresh ones of our own: a plain user may not refresh the system's.
    """
    with tempfile.TemporaryDirectory(prefix="elearn-apt-") as scratch:
        for folder in ("lists/partial", "cache/archives/partial"):
            (Path(scratch) / folder).mkdir(parents=True)
        apt = ["apt-get", "-o", f"Dir::Cache={scratch}/cache", "-o", "Debug::NoLocking=1"]
        own_lists = [*apt, "-o", f"Dir::State::lists={scratch}/lists"]
        return download_debs([*apt, *options], target) or (
            works([*own_lists, "update"]) and download_debs([*own_lists, *options], target)
        )


def download_debs(apt, target):
    """Let apt say what installing Pango would bring, and download that, but for what every system has."""
    plan = outcome([*apt, "-s", "--no-install-recommends", "install", *PANGO_PACKAGES])[1]
    names = re.findall(r"^Inst (?!libc6|libgcc|gcc-|debconf|font)(\S+)", plan, re.MULTILINE)
    if not names:
        return False
    target.mkdir(parents=True, exist_ok=True)
    return works([*apt, "download", *names], cwd=str(target))


def fill_wheels(venv):
    """Fetch into wheels/ what a machine like this one needs to be set up without a line."""
    wheels = HERE / "wheels"
    lock = HERE / "requirements" / f"{running_kind(os.environ)}.txt"
    log = venv / "elearn-setup.log"
    open_folder(venv)
    open_folder(wheels)
    say(f"Fetching {len(locked_names(lock))} packages into {wheels}")
    command = [sys.executable, str(pip_wheel() / "pip"), "download", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--progress-bar", "off", "-d", str(wheels), "-r", str(lock)]
    if run_pip(command, log, len(locked_names(lock))):
        raise SetupError(explain_pip(log.read_text(encoding="utf-8", errors="replace"), log))
    carried = carried_pango(wheels)
    # As if nothing were installed: the other machine may lack what this one has.
    if fetch_debs(carried, ["-o", "Dir::State::status=/dev/null"]):
        say(f"Pango for this system: {carried.name}")
    else:
        say("Pango could not be fetched (no apt-get, or no line to its archive); certificates would be pages to print.")
    say(f"Carry {wheels} beside run.py: {platform_name()} with Python {platform.python_version()} needs no line then.")


# --- the program ----------------------------------------------------------------------------------------------------


def elearn_command(arguments):
    """Return the words for `python -m elearn`: none, or options alone, mean a post."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--version"):
        return ["serve", *arguments]
    return list(arguments)


def program_environment(venv, environ):
    """Return the environment elearn and its workers run in: the checkout importable from any folder, Pango named."""
    path = os.pathsep.join([str(HERE)] + [p for p in [environ.get("PYTHONPATH")] if p])
    pango = {"ELEARN_PANGO": str(venv / "pango")} if (venv / "pango").is_dir() else {}
    return {**environ, **pango, "PYTHONPATH": path}


def become(venv, words):
    """Replace this process by the environment's Python: signals and exit code are the program's own."""
    python = str(venv / "bin" / "python")
    sys.stdout.flush()
    os.execve(python, [python, *words], program_environment(venv, os.environ))  # noqa: S606 - no shell wanted


# --- start ----------------------------------------------------------------------------------------------------------


def main(arguments):
    """Do what was asked; return an exit code, or become elearn and never return."""
    if arguments[:1] in (["-h"], ["--help"]):
        print(HELP, end="")
        return 0
    try:
        if os.name != "posix":
            raise SetupError("elearn runs on Linux. On Windows install WSL with Debian or Ubuntu, and start it there.")
        check_machine(sys.version_info, 64 if sys.maxsize > 2**32 else 32, os.uname().machine, os.uname().sysname)
        venv = venv_folder(os.environ)
        if arguments[:1] == ["check"]:
            prepare(venv, "check")
            become(venv, [str(HERE / ".ci" / "check.py"), *arguments[1:]])
        if arguments[:1] == ["wheels"]:
            fill_wheels(venv)
            return 0
        prepare(venv, running_kind(os.environ), anew=arguments[:1] == ["setup"])
        if arguments[:1] != ["setup"]:
            become(venv, ["-P", "-m", "elearn", *elearn_command(arguments)])
        return 0
    except SetupError as error:
        print(f"\nelearn cannot be set up: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on from here.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
