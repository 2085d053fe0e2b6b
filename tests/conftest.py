"""What every test module may use: pytest's own pytester; little courses are built by `course`."""

pytest_plugins = "pytester"
