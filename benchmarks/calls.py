"""What one call of a student's function costs, in this process and through the pipe to a worker.

    python benchmarks/calls.py [--calls N]

The function returns its argument, a batch as exercise 02 gets it; so what is timed is the way there and back.
"""

import argparse
import tempfile
from pathlib import Path

from pytest_trainer.submission import Submission, find
from pytest_trainer.submission.process import InWorker, WarmParent
from pytest_trainer.submission.transport import InProcess
from side_by_side import per_call

AIM = 1.0
BATCH = [
    {"input_ids": [2, *range(5, 35), 3], "token_type_ids": [0] * 32, "attention_mask": [1] * 32, "label": 1}
    for _ in range(8)
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2000)
    calls = parser.parse_args().calls
    warm = WarmParent()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "echoing.py").write_text("def echo(batch):\n    return batch\n", encoding="utf-8")
        source = find(folder / "01_echoing", folder, folder)
        print(f"milliseconds a call, median of {calls}; a batch of 8 pairs with 32 tokens there and back")
        took = {}
        for isolation, transport in (("none", InProcess()), ("process", InWorker(warm))):
            submission = Submission(source, transport, seed=0, scratch=folder, probes=None)
            submission.call("echo", BATCH)
            took[isolation] = per_call(calls, lambda one=submission: one.call("echo", BATCH))
            submission.close()
        warm.close()
    print(f"none    {took['none']:6.3f} ms")
    print(f"process {took['process']:6.3f} ms  (aim <= {AIM:g} ms; {took['process'] / took['none']:.2f} x none)")


if __name__ == "__main__":
    main()
