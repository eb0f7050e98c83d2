"""`python -m mtlearn`."""

from mtlearn.cli import main

main()
