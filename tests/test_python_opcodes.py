"""Which instructions of CPython are known."""

from __future__ import annotations

import dis

import pytest

from mtlearn.interleave import explore
from mtlearn.interleave.python import opcodes

# What is new in the opcode table of CPython 3.14 (`Lib/_opcode_metadata.py`), for interpreters that are not here.
OF_3_14 = (
    "LOAD_FAST_BORROW", "LOAD_FAST_BORROW_LOAD_FAST_BORROW", "LOAD_SMALL_INT", "LOAD_SPECIAL", "LOAD_COMMON_CONSTANT",
    "NOT_TAKEN", "POP_ITER", "BUILD_TEMPLATE", "BUILD_INTERPOLATION",
)  # fmt: skip


def instruction(name: str, told: str = "") -> dis.Instruction:
    """Make an instruction of that name."""
    (one, *_) = dis.get_instructions(compile("x", "", "eval"))
    return one._replace(opname=name, argrepr=told)


@pytest.mark.parametrize("name", [*(n for n in dis.opmap if not n.startswith("INSTRUMENTED_")), *OF_3_14])
def test_every_instruction_has_its_place(name: str) -> None:
    """What each instruction of this Python, and each new one of 3.14, touches is known."""
    opcodes.touched(instruction(name))


def test_a_subscript_of_3_14_is_a_read() -> None:
    """Since 3.14 a subscript is a BINARY_OP, and is not taken for arithmetic."""
    assert opcodes.touched(instruction("BINARY_OP", "[]")) == ("item", "read")
    assert opcodes.touched(instruction("BINARY_OP", "+")) == ("operands", "read")
    assert opcodes.touched(instruction("BINARY_OP", "+=")) == ("operands", "write")


def test_an_unknown_instruction_is_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program with an instruction that nothing is known about is never called right."""
    monkeypatch.setattr(opcodes, "_ELSEWHERE", opcodes._ELSEWHERE - {"RETURN_VALUE", "RETURN_CONST"})

    def run(state: list[int]) -> None:
        state.append(1)

    result = explore(list, [run], lambda state: None)
    assert result.outcome == "unchecked"
    assert "is not known to this version" in (result.reason or "")
