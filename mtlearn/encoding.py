"""Writing to a terminal or a pipe that cannot take every character."""

from __future__ import annotations

import codecs
from typing import IO, Any

HANDLER = "mtlearn.plain"

# What stands for the characters that mtlearn's own texts use, where the encoding lacks them.
_PLAIN = {
    "✓": "+", "✗": "x", "·": "-", "•": "*", "—": "-", "–": "-", "…": "...", "×": "x", "µ": "u", "→": "->", "←": "<-",
    "≥": ">=", "≤": "<=", "≠": "!=", "“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ",
    "█": "#", "░": ".", "▒": ":", "◆": "*", "│": "|", "─": "-", "━": "=", "▌": "|",
    "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%",
}  # fmt: skip


def _plain(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(each, "?") for each in error.object[error.start : error.end]), error.end


def accept_everything(stream: IO[Any]) -> None:
    """Make a text stream write a plain substitute for what its encoding lacks, instead of raising."""
    encoding = (getattr(stream, "encoding", None) or "").lower().replace("_", "-")
    if not encoding.startswith("utf") and hasattr(stream, "reconfigure"):
        codecs.register_error(HANDLER, _plain)
        stream.reconfigure(errors=HANDLER)
    elif hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")  # a lone surrogate in a file name
