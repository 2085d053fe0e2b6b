"""The matrix that a run over wrong and right answers ends with: by exercise, how many were seen for what they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

PROPERTY = "matrix"
"""The name under which a test's report carries its row: {"exercise": folder, and each column that it counts in: True}.

A wrong answer is "wrong"; "caught" where the check meant for it failed; "diagnosed" where it got the diagnosis that its
head asks for; "message" where that is what its head asks for, and the check's own message explained it; "accepted"
where it got all points. A right answer is "right", and "refused" where it lost a point.
"""

WRONG = {"wrong": 6, "caught": 8, "diagnosed": 11, "message": 9, "accepted": 9}
RIGHT = {"right": 7, "refused": 9}
WIDTHS = WRONG | RIGHT
NAME = 21


def matrix_lines(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A table of the rows for a terminal of 80 columns: a line for each exercise, then totals and percentages."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        seen = [column for column in WIDTHS if row.get(column)]
        counts[row["exercise"]].update(seen)
        counts["total"].update(seen)
    if not counts:
        return []
    total = counts.pop("total")
    shares = [_share(total[column], total["wrong"]) for column in WRONG]
    shares += [_share(total[column], total["right"]) for column in RIGHT]
    return [
        _line("", WIDTHS),
        *(_line(name, [counts[name][column] for column in WIDTHS]) for name in sorted(counts)),
        _line("total", [total[column] for column in WIDTHS]),
        _line("", shares),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


def _line(name: str, cells: Iterable[object]) -> str:
    aligned = (str(cell).rjust(width) for cell, width in zip(cells, WIDTHS.values(), strict=True))
    return f"{name[:NAME]:<{NAME}}{''.join(aligned)}".rstrip()
