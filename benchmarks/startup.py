"""What the plugin costs before anything is graded.

    python benchmarks/startup.py [--runs N]

1. pytest in a project without exercises, with the plugin and with `-p no:trainer`.
2. the course's untouched stubs, against pytest on an empty file.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from side_by_side import compare

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_empty.py").write_text("", encoding="utf-8")
        print("processor seconds, median")
        compare(
            "a project without exercises: plugin / no plugin", pytest, [*pytest, "-p", "no:trainer"], folder, runs, 1.03
        )
        stubs = [*pytest, str(ROOT / "exercises")]
        compare("untouched stubs / an empty file", stubs, [*pytest, "test_empty.py"], folder, runs, 1.5)


if __name__ == "__main__":
    main()
