"""Where the packages come from: wheels/, the index that pip is configured for, and never a file with another hash."""

import hashlib
import re
import shutil
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import run

TOP = Path(run.__file__).parent
WHEEL = "lantern-1.0-py3-none-any.whl"


class Index(ThreadingHTTPServer):
    """A package index on the loopback that remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(Remembering, directory=str(folder)))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/simple/"


class Remembering(SimpleHTTPRequestHandler):
    """Serves files and keeps quiet about it."""

    def log_message(self, _format: str, *_words: object) -> None:
        assert isinstance(self.server, Index)
        self.server.asked.append(self.path)


def make_wheel(folder: Path) -> Path:
    """Write the smallest package there is: lantern 1.0, one module."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("lantern.py", "LIGHT = True\n")
        archive.writestr("lantern-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: lantern\nVersion: 1.0\n")
        archive.writestr(
            "lantern-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("lantern-1.0.dist-info/RECORD", "lantern.py,,\nlantern-1.0.dist-info/RECORD,,\n")
    return wheel


def write_lock(folder: Path, wheel: Path) -> Path:
    lock = folder / "lock.txt"
    lock.write_text(f"lantern==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return lock


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    return make_wheel(tmp_path / "site" / "simple" / "lantern")


@pytest.fixture
def lock(tmp_path: Path, wheel: Path) -> Path:
    return write_lock(tmp_path, wheel)


@pytest.fixture
def index(wheel: Path) -> Iterator[Index]:
    (wheel.parent / "index.html").write_text(f'<a href="{WHEEL}">{WHEEL}</a>')
    server = Index(wheel.parents[2])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty environment, and a pip that knows nothing of this machine's settings."""
    for name in [name for name in run.os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("PIP_RETRIES", "0")
    folder = tmp_path / "venv"
    folder.mkdir()
    run.make_environment(folder)
    return folder


def installed(venv: Path) -> list[str]:
    return sorted(path.name for path in venv.glob("lib/python3*/site-packages/*") if path.suffix == ".py")


def install(venv: Path, lock: Path, wheels: Path) -> None:
    run.install_packages(venv, lock, wheels, run.Steps(1))


def test_the_index_of_the_environment_is_asked(
    venv: Path, lock: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)

    install(venv, lock, tmp_path / "wheels")

    assert installed(venv) == ["lantern.py"]
    assert f"/simple/lantern/{WHEEL}" in index.asked
    assert not (venv / "elearn-unfinished").exists()


def test_the_index_of_pips_own_file_is_asked(
    venv: Path, lock: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {index.url}\n[install]\nuser = true\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))

    install(venv, lock, tmp_path / "wheels")

    assert installed(venv) == ["lantern.py"]
    assert f"/simple/lantern/{WHEEL}" in index.asked


def test_a_full_wheels_folder_needs_no_index(
    venv: Path, lock: Path, wheel: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    (tmp_path / "wheels").mkdir()
    shutil.copy(wheel, tmp_path / "wheels")

    install(venv, lock, tmp_path / "wheels")

    assert installed(venv) == ["lantern.py"]
    assert index.asked == []


def test_what_wheels_lacks_comes_from_the_index(
    venv: Path, lock: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "other-1.0-py3-none-any.whl").touch()

    install(venv, lock, tmp_path / "wheels")

    assert installed(venv) == ["lantern.py"]
    assert f"/simple/lantern/{WHEEL}" in index.asked


def test_a_file_with_another_hash_is_refused(
    venv: Path, lock: Path, wheel: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("uninvited.py", "")

    with pytest.raises(run.SetupError, match="its hash differs"):
        install(venv, lock, tmp_path / "wheels")

    assert installed(venv) == []
    assert (venv / "elearn-unfinished").exists()


def test_no_index_in_reach_is_told_with_both_ways_on(
    venv: Path, lock: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")  # the discard port: nobody listens

    with pytest.raises(run.SetupError) as refused:
        install(venv, lock, tmp_path / "wheels")

    assert "the package index cannot be reached" in str(refused.value)
    assert "PIP_INDEX_URL=" in str(refused.value)
    assert "python3 run.py wheels" in str(refused.value)
    assert str(venv / "elearn-setup.log") in str(refused.value)


def test_what_was_cut_off_is_made_again_from_the_start(venv: Path) -> None:
    half = venv / "lib" / "half-a-package"
    half.mkdir()

    run.make_environment(venv)  # the mark of the first time still stands

    assert not half.exists()
    assert run.runs_here(venv)


def test_a_whole_environment_is_kept_when_the_lock_changes(venv: Path) -> None:
    (venv / "elearn-unfinished").unlink()
    kept = venv / "lib" / "kept"
    kept.mkdir()

    run.make_environment(venv)

    assert kept.exists()


def test_settings_that_would_change_what_a_lock_means_do_not_reach_pip() -> None:
    ours = {"PIP_CERT": "/ca.pem", "HTTPS_PROXY": "http://proxy", "PIP_INDEX_URL": "https://index"}
    theirs = {"PIP_CONSTRAINT": "/c.txt", "PIP_USER": "1", "PYTHONPATH": "/x"}

    passed = run.pip_environment({**ours, **theirs})

    assert {name: passed[name] for name in ours} == ours
    assert (passed["PIP_CONSTRAINT"], passed["PIP_USER"]) == ("", "0")
    assert "PYTHONPATH" not in passed


# --- the pip that travels along, and the locks


def test_the_pip_beside_the_locks_is_the_locked_one() -> None:
    assert run.pip_wheel().parent == TOP / "requirements"


@pytest.mark.parametrize(("harm", "said"), [("cut", "is damaged"), ("gone", "is missing")])
def test_a_harmed_pip_is_told_by_name(tmp_path: Path, harm: str, said: str) -> None:
    (tmp_path / "requirements").mkdir()
    shutil.copy(TOP / "requirements" / "run.txt", tmp_path / "requirements")
    copy = tmp_path / "requirements" / run.pip_wheel().name
    if harm == "cut":
        copy.write_bytes(run.pip_wheel().read_bytes()[:-1])

    with pytest.raises(run.SetupError, match=said) as refused:
        run.pip_wheel(tmp_path)

    assert str(copy) in str(refused.value)


def pins(kind: str) -> dict[str, str]:
    """Return name to version of a lock."""
    text = (TOP / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize("kind", ["run", "postgres", "check"])
def test_every_locked_package_has_its_hashes(kind: str) -> None:
    text = (TOP / "requirements" / f"{kind}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]

    assert len(entries) == len(pins(kind))
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_locks_agree() -> None:
    run_pins, check_pins = pins("run"), pins("check")

    assert {name: check_pins.get(name) for name in run_pins} == run_pins


def test_every_dependency_is_locked() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    names = [re.split(r"[<>=]", line)[0] for line in project["project"]["dependencies"]]
    more = [re.split(r"[<>=[]", line)[0] for line in project["dependency-groups"]["check"]]

    assert [name for name in names if name not in pins("run")] == []
    assert [name for name in more if name not in pins("check")] == []
