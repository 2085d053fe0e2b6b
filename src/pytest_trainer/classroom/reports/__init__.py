"""A gradebook in the shapes that other systems read: pure functions of it, a module for each system.

Messages, names and titles may hold whatever a student's code put there. Each module cleans them (`texts`) and leaves
the rest to its format's own escaping, so that they stay text.
"""
