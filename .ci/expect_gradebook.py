"""Exits with 1 unless every check of a gradebook has this outcome.

python .ci/expect_gradebook.py GRADEBOOK.json OUTCOME
"""

import json
import sys
from collections import Counter
from pathlib import Path

path, wanted = sys.argv[1:]
book = json.loads(Path(path).read_text(encoding="utf-8"))
outcomes = Counter(check["outcome"] for exercise in book["exercises"] for check in exercise["checks"])
print(f"{path}: {book['score']}/{book['max_score']}, {dict(outcomes)}")
sys.exit(0 if set(outcomes) == {wanted} else 1)
