"""What a student sees of a full run: events, progress lines, curves, report. Pure but for the files it writes."""
