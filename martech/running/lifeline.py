"""A process that ends when the one that started it ends, however that one ended.

On Linux the kernel sends the signal. Elsewhere `python -m martech.running.lifeline COMMAND...` stands in between: it
watches who its parent is and stops the command once that changes. Standard library only.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
KERNEL_WATCHES = sys.platform == "linux"
PATIENCE = 30.0  # seconds from the polite signal to the last one


def tie(with_signal: int = signal.SIGTERM) -> Callable[[], None] | None:
    """What a child calls about itself before it starts (`preexec_fn`), so that `with_signal` ends it with this process.

    None where the kernel does not watch; there the command has to be `watched`. Only for processes with one thread.
    """
    parent = os.getpid()
    return (lambda: tie_self(parent, with_signal)) if KERNEL_WATCHES else None


def tie_self(parent: int, with_signal: int = signal.SIGTERM) -> None:
    """Have the kernel send us `with_signal` when the thread of `parent` that started us ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, with_signal, 0, 0, 0)
    if os.getppid() != parent:  # it ended in between
        os.kill(os.getpid(), signal.SIGKILL)


def watched(command: Sequence[str]) -> list[str]:
    """`command` as it has to be started: through this module where the kernel does not watch."""
    return list(command) if KERNEL_WATCHES else [sys.executable, "-m", "martech.running.lifeline", *command]


def main(command: Sequence[str]) -> int:
    """Run `command` until it ends or our parent does; the command's own exit status."""
    parent = os.getppid()
    child = subprocess.Popen(command)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)
    while (status := child.poll()) is None:
        if os.getppid() != parent:
            child.terminate()
            try:
                return child.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                child.kill()
        time.sleep(0.2)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
