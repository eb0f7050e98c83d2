"""Screens that take all of a terminal: the only place that imports Textual. They show what `render` gives."""
