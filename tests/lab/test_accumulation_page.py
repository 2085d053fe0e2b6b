"""docs/accumulation.md: its tables are the measurements, and the installed version still measures so."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import transformers

from claims.claim import is_installed

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "accumulation.md").read_text(encoding="utf-8")
FACTS = json.loads((DOCS / "accumulation.json").read_text(encoding="utf-8"))
INSTALLED = FACTS.get(transformers.__version__)
COMMAND = runpy.run_path(str(DOCS / "accumulation.py"))


def reproduction():
    """The code that a maintainer is asked to paste, and what the page says that it prints."""
    section = PAGE.split("## Reproduction\n")[1]
    code, printed = re.findall(r"```(?:python)?\n(.*?)```", section, re.DOTALL)
    return code, printed.splitlines()


def test_the_tables_are_what_the_command_writes():
    assert COMMAND["with_tables"](PAGE, FACTS) == PAGE, "run python docs/accumulation.py write"


def test_the_picture_has_the_measured_versions():
    picture = (DOCS / "accumulation.svg").read_text(encoding="utf-8")
    legends = {text for way in ("by itself", "mean_loss") for text in COMMAND["groups"](FACTS, way, "logged")}
    assert all(legend in picture for legend in legends), "run python docs/accumulation.py write"


def close(measured, kept):
    """Whether two measurements agree, but for the last digit that is kept."""
    if isinstance(kept, dict):
        return measured.keys() == kept.keys() and all(close(measured[key], kept[key]) for key in kept)
    if isinstance(kept, list):
        return all(close(one, other) for one, other in zip(measured, kept, strict=True))
    if isinstance(kept, float):
        return measured == pytest.approx(kept, rel=0.02, abs=2e-4 if abs(kept) > 1e-3 else 1e-5)
    return measured == kept


@pytest.mark.skipif(INSTALLED is None, reason="the page has no row of this version")
def test_the_installed_version_still_measures_so():
    measured = COMMAND["one_process"]()
    assert close(measured, {key: INSTALLED[key] for key in measured}), "run python docs/accumulation.py measure"


def test_the_reproduction_is_short_and_shows_the_factor(tmp_path):
    code, printed = reproduction()
    assert len(code.splitlines()) <= 25
    command = [sys.executable, "-W", "ignore", "-c", code]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("k = ")]
    assert len(lines) == len(printed) == 4
    if transformers.__version__ == "5.24.0":
        assert lines == printed
    else:
        factors = [float(line.split()[4]) for line in lines]
        assert factors == pytest.approx([1, 2, 4, 8] if is_installed("transformers>=5.0") else [1] * 4, abs=1e-3)
