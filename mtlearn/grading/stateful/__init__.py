"""Stateful testing: a script of steps is played on the learner's object, and a model says what must come of it.

The judge's side is `script` (steps, random ones made short, wording). The subject's side is `play`, in Python and in
Node.js: both write down the same things, so that one model judges both languages.
"""
