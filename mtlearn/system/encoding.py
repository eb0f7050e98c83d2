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


# What a terminal obeys instead of showing it: control characters, and those that turn the direction of the text.
_OBEYED = {
    code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


def visible(value: Any) -> Any:
    """A text, or a JSON value with texts in it, with everything that a terminal would obey written out."""
    if isinstance(value, str):
        return value.translate(_OBEYED)
    if isinstance(value, list | tuple):
        return [visible(each) for each in value]
    if isinstance(value, dict):
        return {visible(key): visible(each) for key, each in value.items()}
    return value


def accept_everything(stream: IO[Any]) -> None:
    """Make a text stream write a plain substitute for what its encoding lacks, instead of raising."""
    encoding = (getattr(stream, "encoding", None) or "").lower().replace("_", "-")
    if not encoding.startswith("utf") and hasattr(stream, "reconfigure"):
        codecs.register_error(HANDLER, _plain)
        stream.reconfigure(errors=HANDLER)
    elif hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")  # a lone surrogate in a file name
