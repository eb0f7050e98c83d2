"""Grading a class: the files of many students in, one table out."""
