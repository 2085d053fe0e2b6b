"""What grading the whole course costs, against a bare script that imports the same libraries and trains once.

    python benchmarks/course.py [--runs N]

Processor seconds on one thread, so that other work on the machine does not count.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from side_by_side import compare

ROOT = Path(__file__).parent.parent
BARE = """
import os, tempfile
from pathlib import Path
from pytest_trainer.lab import offline_hub
home = Path(tempfile.mkdtemp()) / "home"
offline_hub.build(home, 0)
for name, value in offline_hub.environment(home).items():
    os.environ.pop(name, None) if value is None else os.environ.update({name: value})
import datasets, evaluate, hypothesis, numpy, sklearn.metrics, torch, transformers
torch.set_num_threads(1)
from pytest_trainer.lab.recipes import GRADED_ROWS, Paraphrases
data = Paraphrases(0, GRADED_ROWS).make()
tokenizer = transformers.AutoTokenizer.from_pretrained("bert-base-uncased")
model = transformers.AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=2)
pairs = data.map(lambda b: tokenizer(b["sentence1"], b["sentence2"], truncation=True), batched=True)
arguments = transformers.TrainingArguments(tempfile.mkdtemp(), learning_rate=1e-3, num_train_epochs=2,
    per_device_train_batch_size=16, report_to="none", save_strategy="no", disable_tqdm=True)
trainer = transformers.Trainer(model, arguments, train_dataset=pairs["train"], eval_dataset=pairs["validation"],
    processing_class=tokenizer)
trainer.train()
trainer.evaluate()
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    bare = [sys.executable, "-c", BARE]
    grade = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        str(ROOT / "exercises"),
    ]
    grade.append(f"--submission={ROOT / 'solutions'}")
    with tempfile.TemporaryDirectory() as folder:
        print("processor seconds, median")
        for isolation in ("none", "process"):
            command = [*grade, "--trainer-isolation", isolation]
            compare(
                f"the course on solutions/, {isolation} / imports and a training",
                command,
                bare,
                Path(folder),
                runs,
                2.5,
            )


if __name__ == "__main__":
    main()
