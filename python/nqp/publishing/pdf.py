"""A PDF whose bytes depend on nothing but its content: the converter lists fonts and drawings in an order of chance.

Objects are numbered anew in the order in which the document reaches them; their contents stay as they are.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(rb"(\d+) 0 R\b")
_RESOURCES = re.compile(rb"(?:[ ]*/[\w.+-]+ \d+ 0 R\n){2,}")
_STREAM = b"\nstream\n"


def canonical(content: bytes) -> bytes:
    """The same document with its objects in one order. Raises ValueError for a PDF without a table of objects."""
    tail = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", content)
    trailer = (
        re.search(rb"trailer\s*<<(.*?)>>\s*startxref", content[int(tail[1]) :], re.DOTALL) if tail else None
    )
    if tail is None or trailer is None:
        raise ValueError("no table of objects")
    table = int(tail[1])
    places = sorted(int(offset) for offset in re.findall(rb"(\d{10}) \d{5} n", content[table:]))
    objects: dict[int, bytes] = {}
    for start, end in zip(places, [*places[1:], table], strict=True):
        head = re.match(rb"(\d+) 0 obj\s", content[start:])
        if head is None:
            raise ValueError("an object is not where the table says")
        body = content[start + head.end() : end]
        objects[int(head[1])] = _sorted(body[: body.rindex(b"endobj")])
    order = _reached(trailer[1], objects)
    numbers = {old: new for new, old in enumerate(order, start=1)}
    made, offsets = bytearray(content[: places[0]]), []
    for old in order:
        offsets.append(len(made))
        made += b"%d 0 obj\n" % numbers[old] + _renumbered(objects[old], numbers) + b"endobj\n\n"
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(order) + 1)
    made += b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets)
    rest = re.sub(rb"/Size \d+", b"/Size %d" % (len(order) + 1), _renumbered(trailer[1], numbers))
    made += b"trailer\n<<" + rest + b">>\nstartxref\n%d\n%%%%EOF" % start
    return bytes(made)


def _parts(body: bytes) -> tuple[bytes, bytes]:
    """What an object says of itself, and its stream, in which nothing is a reference."""
    head, mark, stream = body.partition(_STREAM)
    return head, mark + stream


def _sorted(body: bytes) -> bytes:
    """The object with the names of its resources in order."""
    head, stream = _parts(body)
    return _RESOURCES.sub(_by_name, head) + stream


def _by_name(match: re.Match[bytes]) -> bytes:
    named = sorted((line.split()[0], line) for line in bytes(match[0]).splitlines(keepends=True))
    return b"".join(line for _, line in named)


def _renumbered(body: bytes, numbers: dict[int, int]) -> bytes:
    head, stream = _parts(body)
    return _REFERENCE.sub(lambda match: b"%d 0 R" % numbers[int(match[1])], head) + stream


def _reached(trailer: bytes, objects: dict[int, bytes]) -> list[int]:
    """The objects in the order in which references reach them from the trailer."""
    waiting = [int(number) for number in reversed(_REFERENCE.findall(trailer))]
    found: dict[int, None] = {}
    while waiting:
        number = waiting.pop()
        if number in found or number not in objects:
            continue
        found[number] = None
        waiting += [int(one) for one in reversed(_REFERENCE.findall(_parts(objects[number])[0]))]
    return list(found)
