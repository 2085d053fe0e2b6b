"""Many submissions, and the command line."""
