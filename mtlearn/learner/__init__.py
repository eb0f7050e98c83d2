"""The learner's own things: the workspace with their files, and their progress."""
