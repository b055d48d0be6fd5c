"""A bare Python becomes the project's environment. Nothing is downloaded: the locks name two small wheels made here."""

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from martech import bootstrap

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent.parent
BARE = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PIP_NO_INDEX": "1"}  # neither uv nor make nor pip on it
SAYS = """
import sys
def execute_from_command_line(argv):
    print("django", *argv[1:], "in", sys.prefix)
"""


def wheel(folder: Path, name: str, files: dict[str, str]) -> str:
    """A wheel of those files in `folder`; its line in a lock."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    files = {
        **files,
        f"{name}-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{name}-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record += f"{inside},sha256={digest},{len(text)}\n"
        archive.writestr(f"{name}-1.0.dist-info/RECORD", record + f"{name}-1.0.dist-info/RECORD,,\n")
    return f"{name} @ file://{path} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with our manage.py and bootstrap, and locks that name a Django which only says it ran."""
    root = tmp_path / "checkout"
    (root / "martech").mkdir(parents=True)
    (root / "requirements").mkdir()
    shutil.copy(ROOT / "manage.py", root)
    for name in ("__init__.py", "bootstrap.py"):
        shutil.copy(ROOT / "martech" / name, root / "martech")
    django = wheel(
        tmp_path,
        "django",
        {
            "django/__init__.py": "",
            "django/core/__init__.py": "",
            "django/core/exceptions.py": "class ImproperlyConfigured(Exception): pass",
            "django/core/management/__init__.py": SAYS,
        },
    )
    (root / "requirements" / "app.txt").write_text(django)
    (root / "requirements" / "dev.txt").write_text(django + wheel(tmp_path, "proof", {"proof.py": ""}))
    return root


def start(project: Path, *argv: str, python: str = "") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [python or bootstrap.base_python(), "manage.py", *argv],
        cwd=project,
        env=BARE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(project: Path, *argv: str, python: str = "") -> str:
    process = start(project, *argv, python=python)
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0, said
    return said


def test_it_makes_the_environment_once_and_then_goes_straight_in(project: Path) -> None:
    first = run(project, "up", "--no-demo")
    assert first.startswith("Preparing the environment in ")
    assert first.splitlines()[-1] == f"django up --no-demo in {project / '.venv'}"
    assert run(project, "migrate") == f"django migrate in {project / '.venv'}\n"
    inside = str(project / ".venv" / "bin" / "python")
    assert run(project, "shell", python=inside) == f"django shell in {project / '.venv'}\n"


def test_it_adds_the_test_packages_for_the_test_command_and_follows_a_changed_lock(project: Path) -> None:
    run(project, "up")
    assert not list((project / ".venv").rglob("proof.py"))
    assert "requirements/dev.txt" in run(project, "test")
    assert len(list((project / ".venv").rglob("proof.py"))) == 1
    assert run(project, "up") == f"django up in {project / '.venv'}\n"
    lock = project / "requirements" / "app.txt"
    lock.write_text("# changed\n" + lock.read_text())
    inside = str(project / ".venv" / "bin" / "python")
    assert run(project, "up", python=inside).startswith("Preparing the environment in ")


def test_it_repairs_what_was_left_half_made(project: Path) -> None:
    venv = project / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").touch()
    assert run(project, "up").splitlines()[-1] == f"django up in {venv}"
    shutil.rmtree(next(venv.glob("lib/python*/site-packages/django")))
    (venv / bootstrap.UNFINISHED).touch()
    (venv / bootstrap.STAMP).unlink()
    assert run(project, "up").splitlines()[-1] == f"django up in {venv}"


def test_two_at_once_make_it_once(project: Path) -> None:
    both = [start(project, "up"), start(project, "migrate")]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("Preparing the environment" in text for text in said) == 1
    assert sorted(text.splitlines()[-1].split()[1] for text in said) == ["migrate", "up"]


def test_an_active_environment_is_taken_as_it_is(project: Path) -> None:
    if sys.prefix == sys.base_prefix:
        pytest.skip("these tests run outside an environment")
    run(project, "help", python=sys.executable)
    assert not (project / ".venv").exists()


def test_an_old_python_is_told_so_in_one_sentence(project: Path) -> None:
    pretend = "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path('manage.py', run_name='__main__')"
    command = [sys.executable, "-c", pretend]
    done = subprocess.run(command, cwd=project, env=BARE, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == f"Interlock needs Python 3.11 or newer; {sys.executable} is Python 3.9.\n"


def test_a_package_with_another_hash_is_refused(project: Path) -> None:
    lock = project / "requirements" / "app.txt"
    lock.write_text(re.sub(r"sha256:\w+", "sha256:" + "0" * 64, lock.read_text()))
    process = start(project, "up")
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 1
    assert said.splitlines()[-1] == "The packages of requirements/app.txt could not be installed; pip says why above."


def test_the_test_lock_pins_what_the_product_lock_pins() -> None:
    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / "requirements" / name).read_text().splitlines() if "==" in line}

    assert pins("app.txt") - pins("dev.txt") == set()
