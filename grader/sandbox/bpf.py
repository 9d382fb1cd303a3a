"""A small assembler for seccomp's filters: a system call's number, then at most its arguments.

A filter is a list of rules tried in order; each names its calls and what happens to them. Jumps
reach over one rule only, so no label and no offset is ever computed by hand.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

ALLOW = 0x7FFF0000
KILL = 0x80000000
_ERRNO = 0x00050000

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST = 0x15, 0x35
# Offsets in struct seccomp_data; both machines are little-endian: the low half comes first.
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16
_LONGEST_JUMP = 255


def fail_with(number: int) -> int:
    """The action that makes a call fail with that errno; 0 pretends that it succeeded."""
    return _ERRNO | number


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value & 0xFFFFFFFF)


def _return(action: int) -> bytes:
    return _instruction(_RETURN, action)


@dataclass(frozen=True, slots=True)
class Case:
    """If argument `argument`, masked, is one of `values`, the call gets `action`.

    Only the low 32 bits are looked at: so does the kernel for every argument used here.
    """

    argument: int
    values: tuple[int, ...]
    action: int
    mask: int = 0xFFFFFFFF

    def assemble(self) -> bytes:
        """The instructions; they fall through if no value matches."""
        code = [_instruction(_LOAD, _ARGUMENTS + 8 * self.argument)]
        if self.mask != 0xFFFFFFFF:
            code.append(_instruction(_AND, self.mask))
        for value in self.values:
            code += [_instruction(_JUMP_IF_EQUAL, value, 0, 1), _return(self.action)]
        return b"".join(code)


@dataclass(frozen=True, slots=True)
class Rule:
    """What happens to the system call `number`: the first case that matches, else `otherwise`."""

    number: int
    otherwise: int
    cases: tuple[Case, ...] = ()

    def assemble(self) -> bytes:
        """The instructions; they fall through for another call, with its number still loaded."""
        body = b"".join(case.assemble() for case in self.cases) + _return(self.otherwise)
        length = len(body) // 8
        if length > _LONGEST_JUMP:
            raise ValueError(f"the rule for call {self.number} is too long: {length} instructions")
        return _instruction(_JUMP_IF_EQUAL, self.number, 0, length) + body


def program(
    arch: int,
    rules: tuple[Rule, ...],
    *,
    otherwise: int,
    from_number: tuple[tuple[int, int], ...] = (),
) -> bytes:
    """Assemble a filter.

    Args:
        arch: the AUDIT_ARCH that calls must come with; any other is killed.
        rules: tried in order.
        otherwise: the action for calls no rule names.
        from_number: pairs (n, action): calls numbered n or above get action, before all rules.
    """
    code = [
        _instruction(_LOAD, _ARCH),
        _instruction(_JUMP_IF_EQUAL, arch, 1, 0),
        _return(KILL),
        _instruction(_LOAD, _NUMBER),
    ]
    for number, action in from_number:
        code += [_instruction(_JUMP_IF_AT_LEAST, number, 0, 1), _return(action)]
    code += [rule.assemble() for rule in rules]
    return b"".join([*code, _return(otherwise)])
