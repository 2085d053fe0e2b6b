"""What each exercise's checks cost on the reference answers, in a grader that has imported the libraries already.

    python benchmarks/warm.py [--runs N]

Each run is a process forked from one that imported the libraries in the tiny world. What is printed are seconds of one
processor. A shared machine stretches those too: for scale, each run is followed by the training of exercise 05 alone,
without any grading, and the ratio of the two is what can be compared between machines.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def in_a_fork(work: Callable[[], Any], report: Path) -> Any:
    """What `work` returned, as JSON, in a forked process that prints nothing."""
    child = os.fork()
    if child == 0:
        try:
            with Path(os.devnull).open("w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
            report.write_text(json.dumps(work()))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return json.loads(report.read_text())


def graded() -> dict[str, float]:
    """Seconds by exercise of one run over the course."""
    arguments = [str(ROOT / "exercises"), f"--submission={ROOT / 'solutions'}", "-p", "no:cacheprovider"]
    clock = Clock()
    status = pytest.main([*arguments, "-p", "no:randomly"], plugins=[clock])
    assert status == 0, "the reference answers do not earn full points"
    return clock.seconds


def trained() -> float:
    """Seconds of two epochs over the pairs of exercise 05 and an evaluation, with nothing around them."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

    from pytest_trainer.lab.recipes import GRADED_ROWS, Paraphrases

    start = time.process_time()
    tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")
    data = Paraphrases(0, GRADED_ROWS).make()
    pairs = data.map(lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True)
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            num_train_epochs=2,
            per_device_train_batch_size=16,
            report_to="none",
            save_strategy="no",
            disable_tqdm=True,
            use_cpu=True,
        )
        trainer = Trainer(
            AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=2),
            arguments,
            train_dataset=pairs["train"],
            eval_dataset=pairs["validation"],
            processing_class=tokenizer,
        )
        trainer.train()
        trainer.evaluate()
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        world.enter_tiny(Path(folder) / "hf_home", seed=0)
        preload()
        world.one_thread()
        report = Path(folder) / "report.json"
        pairs = [(in_a_fork(graded, report), in_a_fork(trained, report)) for _ in range(runs)]
    taken = [seconds for seconds, _ in pairs]
    print(f"processor seconds of checks, libraries imported, {runs} runs: fastest, median, slowest")
    for name in sorted(taken[0]):
        seconds = [run[name] for run in taken]
        aim = "" if name.startswith("05") else f"  aim <= {AIM_EXERCISE:g}"
        print(f"{name:<24} {min(seconds):6.2f} {statistics.median(seconds):6.2f} {max(seconds):6.2f}{aim}")
    whole = [sum(run.values()) for run in taken]
    print(
        f"{'the course':<24} {min(whole):6.2f} {statistics.median(whole):6.2f} {max(whole):6.2f}  aim <= {AIM_COURSE:g}"
    )
    alone = [seconds for _, seconds in pairs]
    print(f"{'one training, alone':<24} {min(alone):6.2f} {statistics.median(alone):6.2f} {max(alone):6.2f}")
    ratios = sorted(one / other for one, other in zip(whole, alone, strict=True))
    print(f"the course / one training: {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
