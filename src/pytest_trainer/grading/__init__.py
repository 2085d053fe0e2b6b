"""Plain data about checks and grades, and how a check says what it saw; nothing here needs torch."""
