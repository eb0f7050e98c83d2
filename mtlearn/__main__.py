"""The command `mtlearn`, and `python -m mtlearn`."""

import sys


def main() -> None:
    """Run one command. A Ctrl-C while its modules are still being imported is reported in one word, too."""
    try:
        from mtlearn.cli import main as run
    except KeyboardInterrupt:
        sys.exit(_interrupted())
    run()


def _interrupted() -> int:
    print("\nInterrupted.", file=sys.stderr)
    return 130  # ExitCode.INTERRUPTED, which may not be imported yet


if __name__ == "__main__":
    main()
