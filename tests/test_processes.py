"""A process of our own does what is asked, says what went wrong, and is gone when it is no longer needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from twentegeo.errors import ReleaseError, SourceUnavailable
from twentegeo.processes import Apart, named
from twentegeo.resources import one_thread_for_products

if TYPE_CHECKING:
    from collections.abc import Iterator

PID = "os:getpid"
ADD = "numpy:add"


def refuse(text: str) -> None:
    raise SourceUnavailable(text)


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    process = Apart(PID, ADD, f"{__name__}:refuse")
    yield process
    process.close()


def test_work_is_done_elsewhere_one_thing_after_another(apart: Apart):
    assert apart(PID) == apart.pid != os.getpid()
    assert apart(ADD, np.arange(3), 1).tolist() == [1, 2, 3]
    assert apart(PID) == apart.pid


def test_what_was_raised_there_is_raised_here_and_the_process_goes_on(apart: Apart):
    with pytest.raises(SourceUnavailable, match="niet gevonden") as raised:
        apart(f"{__name__}:refuse", "niet gevonden")
    assert "in refuse" in "".join(raised.value.__notes__)
    assert apart(PID) == apart.pid


def test_a_process_that_dies_is_told_of_in_one_line(apart: Apart):
    apart(PID)
    os.kill(apart.pid, signal.SIGKILL)
    with pytest.raises(ReleaseError, match="os:getpid: het proces viel weg") as raised:
        apart(PID)
    assert "\n" not in str(raised.value)


def test_a_process_whose_master_is_gone_ends(apart: Apart):
    apart(PID)
    stdin = apart._process.stdin
    assert stdin
    stdin.close()
    for _ in range(100):
        if apart._process.poll() is not None:
            break
        time.sleep(0.05)
    assert apart._process.poll() == 0


def test_a_function_is_found_by_its_name():
    assert named("os:getpid") is os.getpid


@pytest.mark.parametrize(("asked", "code", "says"), [("--version", 0, "twentegeo "), ("--nonsense", 2, "nonsense")])
def test_who_leaves_at_once_has_said_everything(asked: str, code: int, says: str):
    run = "from twentegeo.cli import main; main()"
    told = subprocess.run([sys.executable, "-c", run, asked], check=False, capture_output=True, text=True)
    assert told.returncode == code
    assert says in told.stdout + told.stderr


def test_who_is_interrupted_says_what_stands():
    run = (
        "import os, signal, time; from twentegeo import cli\n"
        "@cli.app.command()\n"
        "def wait(): os.kill(os.getpid(), signal.SIGINT); time.sleep(9)\n"
        "cli.main()"
    )
    told = subprocess.run([sys.executable, "-c", run, "wait"], check=False, capture_output=True, text=True)
    assert told.returncode == 130
    assert told.stderr.splitlines()[-1].endswith("interrupted; the previous release stands")
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads by /proc, which Linux has")
def test_a_product_of_matrices_has_one_thread():
    # modules that the command line loads may not load NumPy before it is told
    run = (
        "import os; from twentegeo import cli, resources\n"
        "resources.one_thread_for_products()\n"
        "import numpy as np; np.ones((600, 600)) @ np.ones((600, 600))\n"
        "print(len(os.listdir('/proc/self/task')))"
    )
    settings = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    told = subprocess.run([sys.executable, "-c", run], check=True, capture_output=True, text=True, env=settings)
    assert told.stdout.strip() == "1"


def test_who_asks_for_more_threads_has_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "4")
    one_thread_for_products()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel of Linux")
def test_no_process_of_a_night_has_huge_pages():
    asked = "import ctypes; print(ctypes.CDLL(None).prctl(42, 0, 0, 0, 0), flush=True)"
    run = (
        "import subprocess, sys; from twentegeo import resources\n"
        f"ask = {asked!r}\n"
        "exec(ask)\n"
        "resources.small_pages()\n"
        "exec(ask)\n"
        "subprocess.run([sys.executable, '-c', ask], check=True)"
    )
    told = subprocess.run([sys.executable, "-c", run], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["0", "1", "1"], "before, after, and in a process started from here"
