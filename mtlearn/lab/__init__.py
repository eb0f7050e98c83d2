"""Running a demo script in a runtime, and recording what happened."""
