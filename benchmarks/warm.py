"""What each exercise's checks cost on the reference answers, in a grader that has imported the libraries already.

    python benchmarks/warm.py [--runs N]

Each run is a process forked from one that imported the libraries in the tiny world. What is printed are seconds of one
processor, so that other work on the machine hardly counts.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from pytest_trainer.lab import world
from pytest_trainer.submission.worker import preload

ROOT = Path(__file__).parent.parent
AIM_EXERCISE, AIM_COURSE = 2.0, 8.0


class Clock:
    """Counts the processor seconds of each exercise's checks, with what was set up for them."""

    def __init__(self):
        self.seconds = Counter()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        start = time.process_time()
        result = yield
        self.seconds[item.path.parent.name] += time.process_time() - start
        return result


def graded(report: Path) -> dict[str, float]:
    """Seconds by exercise of one run over the course, in a forked process."""
    child = os.fork()
    if child == 0:
        try:
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
            arguments = [str(ROOT / "exercises"), f"--submission={ROOT / 'solutions'}", "-p", "no:cacheprovider"]
            clock = Clock()
            status = pytest.main([*arguments, "-p", "no:randomly"], plugins=[clock])
            report.write_text(json.dumps({"status": status, "seconds": clock.seconds}))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    said = json.loads(report.read_text())
    assert said["status"] == 0, "the reference answers do not earn full points"
    return said["seconds"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        world.enter_tiny(Path(folder) / "hf_home", seed=0)
        preload()
        world.one_thread()
        taken = [graded(Path(folder) / "report.json") for _ in range(runs)]
    print(f"processor seconds of checks, libraries imported, {runs} runs: fastest, median, slowest")
    for name in sorted(taken[0]):
        seconds = [run[name] for run in taken]
        aim = "" if name.startswith("05") else f"  aim <= {AIM_EXERCISE:g}"
        print(f"{name:<24} {min(seconds):6.2f} {statistics.median(seconds):6.2f} {max(seconds):6.2f}{aim}")
    whole = [sum(run.values()) for run in taken]
    print(
        f"{'the course':<24} {min(whole):6.2f} {statistics.median(whole):6.2f} {max(whole):6.2f}  aim <= {AIM_COURSE:g}"
    )


if __name__ == "__main__":
    main()
