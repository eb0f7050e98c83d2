"""The checks of exercise 9, for both languages, on the messages that corpus.json describes."""

import json
import re
from functools import cache
from pathlib import Path

from mtlearn.grading.checks import Failure, NoAnswer, Subject, expect, only

CORPUS = json.loads(Path(__file__).with_name("corpus.json").read_text(encoding="utf-8"))
GOOD = {"type": "transfer", "from": "alice-1", "to": "bob-2", "amount": 250}
SECRET = "hunter2-hunter2"  # what the scenarios put where JSON cannot
SLOW_S = 3  # what a pattern that ends needs a thousandth of
LONG = 8  # characters from which on a value is looked for in an error's text
ERROR = {"python": "a ValueError or a TypeError", "node": "a TypeError or a RangeError"}
ODD = ("with", "times", "odd")  # the parts of a case that say what is in its fields
PLAIN = {"python": "a plain dict", "node": "a plain object"}


def test_good(subject: Subject):
    """A good message is accepted, and its fields come out as they went in, no more and no fewer."""
    _judge(subject, "good", "Go through the statement's rules for the field: one of yours is tighter.")


def test_missing(subject: Subject):
    """A message that lacks a field is refused."""
    _judge(subject, "missing", "type, from, to and amount must all be there; only the note need not.")


def test_type(subject: Subject):
    """A type that is anything else than `transfer` is refused."""
    _judge(subject, "type", "Compare it with the one string that it may be.")


def test_names(subject: Subject):
    """`from` and `to` are strings of 1 to 32 ASCII letters, digits or -, and nothing else."""
    python = (
        "Ask for the type first. Then a pattern must cover the whole string (fullmatch; `$` allows a newline "
        "behind it), and name each letter it allows: isalnum(), \\w, \\d and IGNORECASE know many more."
    )
    node = (
        "Ask for the type first: test() turns anything into a string. Then a pattern must cover the whole "
        "string (^ and $, without the flag m), and name each letter it allows: \\w and the flags i and u know more."
    )
    _judge(subject, "names", python, node)


def test_amount(subject: Subject):
    """The amount is a whole number from 1 to 1,000,000: no bool, no string, no fraction."""
    python = "`type(amount) is int` is true for whole numbers alone; isinstance() takes True for one, too."
    node = "Number.isInteger(amount) is true for whole numbers alone. Then compare. Convert nothing."
    _judge(subject, "amount", python, node)


def test_note(subject: Subject):
    """A note is a string of at most 140 code points; where its key is there, null and the like are refused."""
    python = "Ask whether the key is there, not whether its value is true; then for its type, then for its len()."
    node = "Ask whether the key is there; then for its type. [...note].length counts each code point once."
    _judge(subject, "note", python, node)


def test_extra(subject: Subject):
    """Any other field is refused, `__proto__` and `constructor` too."""
    python = "Compare every key with the fields you know: what is not among them is refused, string or not."
    node = "Compare every one of Reflect.ownKeys(raw) with a Set of fields: it knows no `constructor` or `toString`."
    _judge(subject, "extra", python, node)


def test_kinds(subject: Subject):
    """Whatever is no message at all is refused: null, lists, strings, and the like."""
    python = "isinstance(raw, collections.abc.Mapping) says what may be read as a message."
    node = "typeof null and typeof [] are 'object' as well, and a Map is one. Ask for each."
    _judge(subject, "kinds", python, node)


def test_objects(subject: Subject):
    """Every kind of mapping (in Node.js an object's own fields) is taken; what is made up or inherited is not there."""
    python = "Read its keys and its values as every Mapping gives them; ask with `in` whether a key is there."
    node = "Only what is the object's own counts, enumerable or not, whatever its prototype: Object.hasOwn tells."
    _judge(subject, "objects", python, node)


@only("node")
def test_accessors(subject: Subject):
    """A field that is an accessor is refused, and never called."""
    help = "Reflect.getOwnPropertyDescriptor(raw, key) shows what a field is without reading it: a value has `value`."
    for case, seen in _judge(subject, "accessors", help):
        expect(not seen["called"], f"{_the(case)} was refused, but its function was called.", help)


def test_changing(subject: Subject):
    """Of what changes between two reads, one good reading comes out, or it is refused."""
    help = "Read each field once, keep what you read, check that, and hand on that: the next read may be another value."
    _judge(subject, "changing", help)


def test_errors(subject: Subject):
    """Whatever is refused is refused by one of the two errors that callers are told to expect."""
    for case, seen in _refused(subject):
        expect(
            seen["fitting"],
            f"{_the(case)} should be refused by {ERROR[subject.runtime]}; it ended with {_error(seen)}.",
            "Check before you use: what you raise yourself is never a surprise.",
        )


def test_field_is_named(subject: Subject):
    """The error names the field that is wrong, an unknown one too."""
    told = {}  # by text, the fields it was said of
    for case, seen in _refused(subject):
        names = case.get("names", ())
        named = not names or any(_named(name, seen["message"]) for name in names)
        want = f"The text should name {' or '.join(map(repr, names))}."
        help = "Whoever reads the error wants to know which field to fix."
        expect(named, f"{_the(case)} was refused with {_error(seen)}. {want}", help)
        if len(names) == 1 and names[0] in (*GOOD, "note"):
            told.setdefault(seen["message"], set()).update(names)
    for text, names in told.items():
        same = f"Whichever field is wrong, the error says the same: {text!r}."
        expect(len(names) < 3, same, "Name the one that is wrong, and only that.")


def test_value_is_kept(subject: Subject):
    """No error tells the value: not in its message, nor in what a log would show of it."""
    shown = {"python": "the traceback", "node": "util.inspect(error)"}[subject.runtime]
    help = (
        "Errors end in logs. Say the field's name and the rule; and where an error is raised while another is handled, "
        "or given a cause, the other one's text is shown with it."
    )
    for case, seen in _refused(subject):
        for secret in _secrets(case):
            where = "its message" if secret in seen["message"] else f"{shown}, though not in its message"
            kept = secret not in seen["message"] and secret not in seen["text"]
            expect(kept, f"{_the(case)} was refused, and the value, {secret[:40]!r}, stands in {where}.", help)


def test_new(subject: Subject):
    """What comes out is a new plain dict (a plain object in Node.js), not the raw message."""
    plain = PLAIN[subject.runtime]
    for case, seen in [*_outcomes(subject, "good"), *_outcomes(subject, "objects")]:
        gave = seen.get("gave")
        if not gave:
            continue
        help = "Make a new one, and put into it what you have checked."
        expect(not gave["raw"], f"{_the(case)} came out as the very object that went in.", help)
        expect(not gave["again"], f"{_the(case)} came out as an object that an earlier call had given already.", help)
        expect(gave["plain"], f"{_the(case)} should come out as {plain}; it came out as {gave['a']}.", help)


def test_patterns_end(subject: Subject):
    """A name that is made to keep a pattern busy is refused at once."""
    help = "A pattern that repeats what repeats, like (x+)*, tries every way to split. One class, one count is enough."
    try:
        _judge(subject, "slow", help)
    except NoAnswer as failure:
        line = failure.message if subject.runtime == "node" else ""
        told = f"A name of 32 letters and a ! should be refused; there was no answer within seconds. {line}"
        raise Failure(told.strip(), help) from failure


# -- helpers ------------------------------------------------------------------


def cases(runtime, about=None):
    """The messages of one language, all or those about one thing, with their fields filled in."""
    chosen = [case for case in CORPUS if case.get("only", runtime) == runtime and about in (None, case["about"])]
    chosen += [_mirrored(case) for case in chosen if case["about"] in ("good", "names")]
    return [case if "raw" in case else {**case, "fields": _fields(case)} for case in chosen]


def _mirrored(case):
    """The same with the two names the other way round: whoever checks one may have forgotten the other."""
    other = {"from": "to", "to": "from"}
    fields = {part: {other.get(key, key): value for key, value in case.get(part, {}).items()} for part in ODD}
    return {**case, **fields, "names": [other.get(name, name) for name in case.get("names", ())]}


def _fields(case):
    fields = {**GOOD, **case.get("with", {})}
    fields.update({key: text * count for key, (text, count) in case.get("times", {}).items()})
    return {key: value for key, value in fields.items() if key not in case.get("without", ())}


@cache  # several checks look at the same outcomes
def _outcomes(subject: Subject, about):
    chosen = cases(subject.runtime, about)
    limit_s = SLOW_S if about == "slow" else None
    return list(zip(chosen, subject.run_calm("accepting", cases=chosen, limit_s=limit_s).returns[0], strict=True))


def _judge(subject: Subject, about, help, in_node=None):
    """Accepted where it must be, refused where it must be; the outcomes."""
    outcomes, help = _outcomes(subject, about), (subject.runtime == "node" and in_node) or help
    for case, seen in outcomes:
        gave = seen.get("gave")
        if gave is None:
            expect(case["is"] != "accepted", f"{_the(case)} should be accepted; it ended with {_error(seen)}.", help)
            fits = f"should be refused by {ERROR[subject.runtime]}; it ended with {_error(seen)}"
            expect(seen["fitting"], f"{_the(case)} {fits}.", help)
            continue
        if case["is"] == "refused":
            raise Failure(f"{_the(case)} should be refused; {_gave(gave)}.", help)
        told = f"{_the(case)} should come out as {_json(case['fields'])}; {_gave(gave)}."
        expect(gave["fields"] == case["fields"], told, help)
    return outcomes


def _refused(subject: Subject):
    """What was refused and should have been, of all messages but those made to be slow."""
    for about in dict.fromkeys(case["about"] for case in CORPUS):
        if about != "slow" and cases(subject.runtime, about):
            for case, seen in _outcomes(subject, about):
                if "gave" not in seen and case["is"] != "accepted":
                    yield case, seen


def _named(name, text):
    """Whether a text names a field: as a word, however it is quoted, in capitals or not. "from 1 to 32" names none."""
    text = re.sub(r"(\bfrom )?(\b\d[\d,_]*) to (?=\d)", "", text)
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None


def _secrets(case):
    """The values in a case that are long enough to be looked for."""
    if case.get("open"):
        return []
    odd = [case.get("raw"), case.get("with"), case.get("changes"), case.get("appears")]
    odd += [case["fields"][key] for key in case.get("times", ())]
    return [text for text in (SECRET, *map(str, _leaves(odd))) if len(text) >= LONG]


def _leaves(value):
    """The values inside of one, but for what a good error may say: `must be transfer`, and a line ends there."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)
    elif isinstance(value, str | int | float) and str(value).strip() not in map(str, GOOD.values()):
        yield value


def _the(case):
    """A case in words, with the message where JSON can show it."""
    whole = case["about"] in ("kinds", "objects")
    name = case["name"][0].upper() + case["name"][1:] if whole else f"A message with {case['name']}"
    shown = _json(case["raw"] if "raw" in case else case["fields"])
    return name if "odd" in case or "made" in case else f"{name}, {shown},"


def _json(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 150 else f"{text[:140]} …"


def _gave(gave):
    return f"it gave {gave['a']}" + (f" {_json(gave['fields'])}" if gave["fields"] is not None else "")


def _error(seen):
    return f"{seen['raised']}: {seen['message'][:120]}".removesuffix(": ")
