"""Pickles that hold plain data, read without executing anything.

The opcodes are walked here with the standard library's disassembler instead of an unpickler: no import, no call and no
attribute access can be expressed. Containers, texts, numbers and numpy arrays of numbers are admitted; a name of any
function but numpy's own reconstructors is refused, and those are only compared, never called (`plain_arrays`).
Opcodes: the comments of CPython's `pickletools`.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable
from typing import Any

from annotator.datasets.plain_arrays import Begun, Function, Kind, NotPlainError, called, finish, named
from annotator.domain.errors import BadFileError

REMEDY = "get the original file again"

_KEYS = (str, int, float, bytes, bool, type(None))
"""What a dict or set may be asked to hash: hashing nested tuples recurses, without a limit and without an end."""


def load_plain(data: bytes, name: str, *, wrapped: bool = False) -> object:
    """The object that the pickle in `data` holds; `name` is the file that errors name.

    Texts, numbers, bools, None, bytes, lists, tuples, dicts and sets of them, numpy scalars and arrays of numbers
    (arrays are read-only views). With `wrapped`, a 0-d object array (what `numpy.save` makes of a dict) gives what it
    holds. Raises BadFileError for everything else, truncated data included.
    """
    try:
        return _Machine(wrapped).run(data)
    except NotPlainError as error:
        raise BadFileError(
            name, f"it holds more than plain data ({error}), and nothing of it was run", REMEDY
        ) from error
    except (ValueError, TypeError, LookupError, OverflowError, MemoryError) as error:
        raise BadFileError(name, "this is no pickle, or a damaged or truncated one", REMEDY) from error


class _Machine:
    """The stack machine of the pickle language, reduced to what makes plain data."""

    def __init__(self, wrapped: bool) -> None:
        self.wrapped = wrapped
        self.stack: list[Any] = []
        self.marks: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.unfinished: dict[int, tuple[Any, ...]] = {}

    def run(self, data: bytes) -> object:
        for opcode, argument, _position in pickletools.genops(data):
            step = _STEPS.get(opcode.name)
            if step is not None:
                step(self, argument)
            elif opcode.name != "STOP":
                raise NotPlainError(f"the instruction {opcode.name}")
        (result,) = self.stack
        return self.finished(result)

    def push(self, item: Any) -> None:
        self.stack.append(item)

    def pop(self) -> Any:
        return self.finished(self.stack.pop())

    def pop_above_mark(self) -> list[Any]:
        items = self.stack
        self.stack = self.marks.pop()
        return [self.finished(item) for item in items]

    def mark(self) -> None:
        self.marks.append(self.stack)
        self.stack = []

    def finished(self, item: Any) -> Any:
        """An item that may go into a container: arrays must be complete, and functions and types never may."""
        if isinstance(item, Function | Kind):
            raise NotPlainError(f"{item} outside an array")
        if isinstance(item, Begun):
            return item.result()
        if isinstance(item, tuple) and id(item) in self.unfinished:
            return tuple(self.finished(part) for part in item)
        return item

    def push_tuple(self, items: list[Any]) -> None:
        """Push a tuple, which may be the arguments of a reconstructor and so hold what is not finished, one level."""
        made = tuple(self.finished(item) if isinstance(item, tuple) else item for item in items)
        if any(isinstance(item, Begun | Function | Kind) for item in made):
            self.unfinished[id(made)] = made  # kept, so that its id stays its own
        self.push(made)

    def push_tuple_of(self, count: int) -> None:
        self.push_tuple([self.stack.pop() for _ in range(count)][::-1])

    def top(self, kind: type[Any]) -> Any:
        """The container on the stack that items are added to; raises TypeError when it is another."""
        if type(self.stack[-1]) is not kind:
            raise TypeError
        return self.stack[-1]

    def set_items(self, items: list[Any]) -> None:
        target = self.top(dict)
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[_hashable(key)] = value


def _hashable(key: Any) -> Any:
    if not isinstance(key, _KEYS):
        raise NotPlainError("a key that is neither text nor number")
    return key


def _append(machine: _Machine, _: Any) -> None:
    item = machine.pop()
    machine.top(list).append(item)


def _appends(machine: _Machine, _: Any) -> None:
    items = machine.pop_above_mark()
    machine.top(list).extend(items)


def _set_item(machine: _Machine, _: Any) -> None:
    value, key = machine.pop(), machine.pop()
    machine.set_items([key, value])


def _dict(machine: _Machine, _: Any) -> None:
    items = machine.pop_above_mark()
    machine.push({})
    machine.set_items(items)


def _add_items(machine: _Machine, _: Any) -> None:
    items = machine.pop_above_mark()
    machine.top(set).update(_hashable(item) for item in items)


def _tuple_above_mark(machine: _Machine, _: Any) -> None:
    items = machine.stack
    machine.stack = machine.marks.pop()
    machine.push_tuple(items)


def _global(machine: _Machine, argument: str) -> None:
    module, _, name = argument.partition(" ")
    machine.push(named(module, name))


def _stack_global(machine: _Machine, _: Any) -> None:
    name, module = machine.pop(), machine.pop()
    machine.push(named(str(module), str(name)))


def _reduce(machine: _Machine, _: Any) -> None:
    arguments, function = machine.stack.pop(), machine.stack.pop()
    machine.push(called(function, arguments))


def _build(machine: _Machine, _: Any) -> None:
    state = machine.stack.pop()
    finish(machine.stack[-1], state, wrapped=machine.wrapped)


def _put(machine: _Machine, index: int) -> None:
    machine.memo[int(index)] = machine.stack[-1]


_Step = Callable[[_Machine, Any], object]

_CONSTANTS = (
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("STRING", "BINSTRING", "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8"),
    *("BINBYTES", "SHORT_BINBYTES", "BINBYTES8"),
)

_STEPS: dict[str, _Step] = {
    **dict.fromkeys(("PROTO", "FRAME"), lambda _machine, _: None),
    **dict.fromkeys(_CONSTANTS, _Machine.push),
    "BYTEARRAY8": lambda machine, data: machine.push(bytes(data)),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_SET": lambda machine, _: machine.push(set()),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "MARK": lambda machine, _: machine.mark(),
    "POP": lambda machine, _: machine.stack.pop(),
    "POP_MARK": lambda machine, _: machine.pop_above_mark(),
    "TUPLE": _tuple_above_mark,
    "TUPLE1": lambda machine, _: machine.push_tuple_of(1),
    "TUPLE2": lambda machine, _: machine.push_tuple_of(2),
    "TUPLE3": lambda machine, _: machine.push_tuple_of(3),
    "LIST": lambda machine, _: machine.push(machine.pop_above_mark()),
    "APPEND": _append,
    "APPENDS": _appends,
    "DICT": _dict,
    "SETITEM": _set_item,
    "SETITEMS": lambda machine, _: machine.set_items(machine.pop_above_mark()),
    "ADDITEMS": _add_items,
    "PUT": _put,
    "BINPUT": _put,
    "LONG_BINPUT": _put,
    "MEMOIZE": lambda machine, _: _put(machine, len(machine.memo)),
    "GET": lambda machine, index: machine.push(machine.memo[int(index)]),
    "BINGET": lambda machine, index: machine.push(machine.memo[index]),
    "LONG_BINGET": lambda machine, index: machine.push(machine.memo[index]),
    "GLOBAL": _global,
    "STACK_GLOBAL": _stack_global,
    "REDUCE": _reduce,
    "BUILD": _build,
}
