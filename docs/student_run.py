"""Draws docs/student-run.svg: what a student sees who has three exercises right, one wrong and the others to do.

    python docs/student_run.py

Runs pytest for real, in a temporary folder, and keeps what it printed, colours and all.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
WIDTH = 80
WRONG = '''"""Exercise 04: turn what the Trainer collects during evaluation into accuracy and F1."""

from sklearn.metrics import accuracy_score, f1_score


def compute_metrics(eval_preds):
    """Accuracy and F1, as a student wrote them."""
    logits, labels = eval_preds
    predictions = logits.argmax(axis=-1)
    return {
        "accuracy": accuracy_score(labels, predictions),
        "f1": f1_score(labels, predictions, average="weighted"),
    }
'''


def student_output() -> str:
    """What pytest printed in a course folder with that state of work."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "exercises")
        shutil.copytree(ROOT / "exercises", course, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
        for done in ("01_tokenization", "02_collation", "03_training_arguments"):
            shutil.copytree(ROOT / "solutions" / done, course / done, dirs_exist_ok=True)
        (course / "04_compute_metrics/compute_metrics.py").write_text(WRONG, encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "exercises/",
            "--color=yes",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
        ]
        environment = {**os.environ, "COLUMNS": str(WIDTH), "PYTHONIOENCODING": "utf-8"}
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        return ended.stdout.replace(folder, "~/course")


def without_the_machine(output: str) -> str:
    """The output without the lines on this machine's own set-up."""
    kept = [line for line in output.splitlines() if not re.match(r"(platform|plugins:|rootdir:)", line)]
    return "\n".join(kept)


def main() -> None:
    """Run, draw, write."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("$ pytest exercises/", style="bold"))
    console.print(Text.from_ansi(without_the_machine(student_output())))
    svg = console.export_svg(title="pytest-trainer")
    # The picture stands alone: it names fonts, and loads none.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (ROOT / "docs/student-run.svg").write_text(re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE), encoding="utf-8")


if __name__ == "__main__":
    main()
