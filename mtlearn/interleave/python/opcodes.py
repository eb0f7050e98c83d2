"""What CPython's instructions touch, by the names that `dis` gives them.

An instruction that stands in neither table is unknown: what it touches could go unseen, so nothing may be concluded
about a program that has it. The names are those of `dis.opmap` on 3.11, 3.12 and 3.13, and of CPython 3.14's
`Lib/_opcode_metadata.py`.
"""

from __future__ import annotations

from dis import Instruction

# instruction -> (what kind of memory location it touches, operation)
_SHAPES = {
    "LOAD_ATTR": ("attribute", "read"),
    "LOAD_METHOD": ("attribute", "read"),
    "STORE_ATTR": ("attribute", "write"),
    "DELETE_ATTR": ("attribute", "write"),
    "LOAD_GLOBAL": ("global", "read"),
    "LOAD_NAME": ("global", "read"),
    "STORE_GLOBAL": ("global", "write"),
    "DELETE_GLOBAL": ("global", "write"),
    "LOAD_DEREF": ("cell", "read"),
    "LOAD_CLASSDEREF": ("cell", "read"),
    "LOAD_FROM_DICT_OR_DEREF": ("cell", "read"),
    "STORE_DEREF": ("cell", "write"),
    "DELETE_DEREF": ("cell", "write"),
    "BINARY_SUBSCR": ("item", "read"),
    "BINARY_SLICE": ("item", "read"),
    "STORE_SUBSCR": ("item", "write"),
    "STORE_SLICE": ("item", "write"),
    "DELETE_SUBSCR": ("item", "write"),
    "CONTAINS_OP": ("right", "read"),
    "COMPARE_OP": ("operands", "read"),
    "BINARY_OP": ("operands", "read"),
    "FOR_ITER": ("iterator", "read"),
    "TO_BOOL": ("test", "read"),
    "UNARY_NOT": ("test", "read"),
    "UNPACK_SEQUENCE": ("unpacked", "read"),
    "UNPACK_EX": ("unpacked", "read"),
    "LIST_EXTEND": ("spread", "read"),
    "SET_UPDATE": ("spread", "read"),
    "DICT_UPDATE": ("spread", "read"),
    "DICT_MERGE": ("spread", "read"),
    "MATCH_MAPPING": ("subject", "read"),
    "MATCH_SEQUENCE": ("subject", "read"),
    "MATCH_KEYS": ("subject", "read"),
    "MATCH_CLASS": ("subject", "read"),
    "GET_LEN": ("subject", "read"),
    "FORMAT_VALUE": ("formatted", "read"),
    "FORMAT_SIMPLE": ("formatted", "read"),
    "FORMAT_WITH_SPEC": ("formatted", "read"),
    "CONVERT_VALUE": ("formatted", "read"),
    "CALL": ("call", "call"),
    "CALL_KW": ("call", "call"),
    "CALL_FUNCTION_EX": ("call", "call"),
    "JUMP_BACKWARD": ("loop", "loop"),
    "JUMP_BACKWARD_NO_INTERRUPT": ("loop", "loop"),
}
_TESTS = ("POP_JUMP_IF_", "POP_JUMP_FORWARD_IF_", "POP_JUMP_BACKWARD_IF_", "JUMP_IF_")

# They touch what only the thread itself has: its stack, its local variables, constants, new objects.
_ELSEWHERE = {
    "ANNOTATIONS_PLACEHOLDER", "ASYNC_GEN_WRAP", "BEFORE_ASYNC_WITH", "BEFORE_WITH", "BUILD_CONST_KEY_MAP",
    "BUILD_INTERPOLATION", "BUILD_LIST", "BUILD_MAP", "BUILD_SET", "BUILD_SLICE", "BUILD_STRING", "BUILD_TEMPLATE",
    "BUILD_TUPLE", "CACHE", "CALL_INTRINSIC_1", "CALL_INTRINSIC_2", "CHECK_EG_MATCH", "CHECK_EXC_MATCH",
    "CLEANUP_THROW", "COPY", "COPY_FREE_VARS", "DELETE_FAST", "DELETE_NAME", "END_ASYNC_FOR", "END_FOR", "END_SEND",
    "ENTER_EXECUTOR", "EXIT_INIT_CHECK", "EXTENDED_ARG", "GET_AITER", "GET_ANEXT", "GET_AWAITABLE", "GET_ITER",
    "GET_YIELD_FROM_ITER", "IMPORT_FROM", "IMPORT_NAME", "IMPORT_STAR", "INTERPRETER_EXIT", "IS_OP", "JUMP",
    "JUMP_FORWARD", "JUMP_NO_INTERRUPT", "KW_NAMES", "LIST_APPEND", "LIST_TO_TUPLE", "LOAD_ASSERTION_ERROR",
    "LOAD_BUILD_CLASS", "LOAD_CLOSURE", "LOAD_COMMON_CONSTANT", "LOAD_CONST", "LOAD_FAST", "LOAD_FAST_AND_CLEAR",
    "LOAD_FAST_BORROW", "LOAD_FAST_BORROW_LOAD_FAST_BORROW", "LOAD_FAST_CHECK", "LOAD_FAST_LOAD_FAST",
    "LOAD_FROM_DICT_OR_GLOBALS", "LOAD_LOCALS", "LOAD_SMALL_INT", "LOAD_SPECIAL", "LOAD_SUPER_ATTR",
    "LOAD_SUPER_METHOD", "LOAD_ZERO_SUPER_ATTR", "LOAD_ZERO_SUPER_METHOD", "MAKE_CELL", "MAKE_FUNCTION", "MAP_ADD",
    "NOP", "NOT_TAKEN", "POP_BLOCK", "POP_EXCEPT", "POP_ITER", "POP_TOP", "PRECALL", "PREP_RERAISE_STAR",
    "PRINT_EXPR", "PUSH_EXC_INFO", "PUSH_NULL", "RAISE_VARARGS", "RERAISE", "RESERVED", "RESUME", "RETURN_CONST",
    "RETURN_GENERATOR", "RETURN_VALUE", "SEND", "SETUP_ANNOTATIONS", "SETUP_CLEANUP", "SETUP_FINALLY", "SETUP_WITH",
    "SET_ADD", "SET_FUNCTION_ATTRIBUTE", "STORE_FAST", "STORE_FAST_LOAD_FAST", "STORE_FAST_MAYBE_NULL",
    "STORE_FAST_STORE_FAST", "STORE_NAME", "SWAP", "UNARY_INVERT", "UNARY_NEGATIVE", "UNARY_POSITIVE",
    "WITH_EXCEPT_START", "YIELD_VALUE",
}  # fmt: skip


class UnknownInstruction(Exception):
    """What an instruction touches is not known; the text names the instruction."""


def touched(instruction: Instruction) -> tuple[str, str] | None:
    """Give the kind of memory location that an instruction touches, and the operation; None where nobody else has it.

    Raises UnknownInstruction.
    """
    name = instruction.opname
    if name.startswith(_TESTS):
        if "NONE" in name:
            return None
        # On 3.11 a loop may jump back by its test.
        return ("loop", "loop") if "BACKWARD" in name else ("test", "read")
    found = _SHAPES.get(name)
    if found is None:
        if name not in _ELSEWHERE:
            raise UnknownInstruction(name)
        return None
    if name == "BINARY_OP":
        if instruction.argrepr == "[]":  # since 3.14 a subscript is one of them
            return "item", "read"
        if instruction.argrepr.endswith("="):
            return "operands", "write"
    return found
