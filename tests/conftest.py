"""What every test module may use: pytest's own pytester; little courses are built by `course`."""

import matrix

pytest_plugins = "pytester"


def pytest_terminal_summary(terminalreporter):
    """Print the matrix of the wrong and right answers that were graded."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, ())]
    lines = matrix.matrix_lines(
        value for report in reports for name, value in report.user_properties if name == matrix.PROPERTY
    )
    if lines:
        isolation = terminalreporter.config.getoption("--trainer-isolation") or "none"
        terminalreporter.section(f"wrong and right answers, isolation {isolation}")
        for line in lines:
            terminalreporter.write_line(line)
