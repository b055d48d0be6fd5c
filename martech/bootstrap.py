"""From a bare Python to the project's environment, with the standard library alone.

`manage.py` calls `enter` first. With an environment active it returns at once; otherwise `.venv` is made from the
hash-locked requirements and this process becomes the Python inside it.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:
    sys.exit("Interlock runs on Linux and macOS; on Windows use WSL, or `docker compose up`.")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
STAMP = "interlock.json"
UNFINISHED = "interlock.unfinished"  # there while packages are being put in: found at the start, all is made anew
ENTERED = "INTERLOCK_ENTERED"  # set across the step into .venv, so that it is taken once
FULL = {"test", "check_house", "pictures"}  # the commands that need the test and lint packages too


def enter(argv: list[str]) -> None:
    """Return when this interpreter can run the command `argv[1]`; otherwise prepare `.venv` and become its Python."""
    lock = LOCKS / ("dev.txt" if argv[1:2] and argv[1] in FULL else "app.txt")
    been_here = os.environ.pop(ENTERED, "")
    has_django = importlib.util.find_spec("django") is not None
    if Path(sys.prefix).resolve() != VENV.resolve():
        if has_django and sys.prefix != sys.base_prefix:
            return  # another environment is active: it is taken as it is
    elif has_django and (is_current(VENV, lock) or not (VENV / STAMP).exists()):
        return  # without a stamp it was made by hand
    elif been_here:
        sys.exit(f"The environment in {VENV} stays incomplete; remove that folder and start again.")
    elif not has_django:
        (VENV / STAMP).unlink(missing_ok=True)
    with only_one():
        if not is_current(VENV, lock):
            prepare(VENV, lock)
    become(VENV / "bin" / "python", argv)


def is_current(venv: Path, lock: Path) -> bool:
    """Whether `venv` is complete and holds what `lock` says."""
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return False
    return bool(
        (venv / "bin" / "python").exists()
        and stamp.get("python") == list(sys.version_info[:2])
        and stamp.get(lock.name) == digest(lock)
    )


def digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the project folder's lock: a second set-up waits for the first and then finds the work done."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is preparing the environment; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def prepare(venv: Path, lock: Path) -> None:
    """Make or repair `venv` from `lock` and stamp it; ends the process with one sentence when that cannot be done."""
    say(f"Preparing the environment in {venv} from {lock.relative_to(ROOT)} (once; about a minute).")
    started = time.monotonic()
    kept = read_stamp(venv)
    (venv / STAMP).unlink(missing_ok=True)
    if (venv / UNFINISHED).exists() or not works(venv):
        kept = {}
        shutil.rmtree(venv, ignore_errors=True)
    uv = shutil.which("uv")
    if not (uv and with_uv(uv, venv, lock)):
        with_pip(venv, lock)
    kept.update({"python": list(sys.version_info[:2]), lock.name: digest(lock)})
    (venv / UNFINISHED).write_text(json.dumps(kept))
    (venv / UNFINISHED).replace(venv / STAMP)
    say(f"The environment is ready ({time.monotonic() - started:.0f} s).")


def read_stamp(venv: Path) -> dict[str, object]:
    """What a complete environment already holds, so that adding the test packages keeps the rest known."""
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (OSError, ValueError):
        return {}
    current = {lock.name: digest(lock) for lock in LOCKS.glob("*.txt")}
    return {name: value for name, value in stamp.items() if current.get(name) == value}


def works(venv: Path) -> bool:
    """Whether the environment's Python starts and is the one we run on."""
    python = venv / "bin" / "python"
    if not (venv / "pyvenv.cfg").exists() or not python.exists():
        return False
    asked = run([python, "-c", "import sys; print(*sys.version_info[:2])"])
    return asked.returncode == 0 and asked.stdout.split() == [str(part) for part in sys.version_info[:2]]


def with_uv(uv: str, venv: Path, lock: Path) -> bool:
    """The quick way, where uv happens to be; False sends us to pip."""
    if not works(venv) and run([uv, "venv", "--python", base_python(), venv]).returncode:
        return False
    (venv / UNFINISHED).touch()
    return run([uv, "pip", "install", "--python", venv / "bin" / "python", *wheels(lock)]).returncode == 0


def with_pip(venv: Path, lock: Path) -> None:
    python = venv / "bin" / "python"
    if not works(venv) or run([python, "-m", "pip", "--version"]).returncode:
        make(venv)
    (venv / UNFINISHED).touch()
    installed = run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wheels(lock)])
    if installed.returncode:
        sys.exit(
            f"{installed.stdout}\nThe packages of {lock.relative_to(ROOT)} could not be installed; pip says why above."
        )


def wheels(lock: Path) -> list[str]:
    """Only what the lock names, only as its hashes say, and nothing that would need a compiler.

    The lock is complete, so nothing is resolved anew: an older pip would meet an extra (`coverage[toml]`), look at the
    newest release of it and refuse that one for not being pinned.
    """
    return ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]


def make(venv: Path) -> None:
    """A fresh environment with pip in it. Debian keeps the part that brings pip in a package of its own."""
    command = [base_python(), "-m", "venv", "--clear", venv]
    made = run(command)
    if made.returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if shutil.which("apt-get") and os.geteuid() == 0:
        say(f"Installing {package} with apt-get.")
        if run(install).returncode:
            run(["apt-get", "update"])
            run(install)
        made = run(command)
        if made.returncode == 0:
            return
    shutil.rmtree(venv, ignore_errors=True)
    hint = (
        f"run `sudo {' '.join(install)}`" if shutil.which("apt-get") else "install Python's venv and ensurepip modules"
    )
    sys.exit(f"{made.stdout}\nPython cannot make an environment here; {hint} and start again.")


def base_python() -> str:
    """The interpreter behind an active environment, so that `.venv` never hangs on another one."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PIP_USER": "0"}
    environment.pop("VIRTUAL_ENV", None)
    try:
        return subprocess.run(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, check=False
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, str(error), "")


def become(python: Path, argv: list[str]) -> None:
    os.environ.pop("__PYVENV_LAUNCHER__", None)
    os.environ[ENTERED] = "yes"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(python, [str(python), *argv])


def say(text: str) -> None:
    print(text, flush=True)
