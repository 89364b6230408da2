"""Bytes to text: byte-order mark, then UTF-8, then GB18030; what is none of them is refused."""

from __future__ import annotations

import codecs

from nqp.errors import StudyError

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, file: str, encoding: str | None) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    GB18030 accepts almost any bytes, so its result must be mostly characters of everyday Chinese (GB 2312).
    Raises `StudyError` naming the line of a broken byte, or asking for the encoding.
    """
    if encoding:
        try:
            text = content.decode(encoding)
        except (UnicodeError, LookupError) as error:
            raise StudyError(f"{file}: cannot be read as {encoding}: {error}.") from None
        return _sound(text.removeprefix("\ufeff"), file), encoding
    for mark, name in MARKS:
        if content.startswith(mark):
            try:
                return _sound(content[len(mark) :].decode(name), file), f"{name} (byte-order mark)"
            except UnicodeError as error:
                raise StudyError(f"{file}: starts with the mark of {name} but is not: {error}.") from None
    try:
        return _sound(content.decode("utf-8"), file), "utf-8"
    except UnicodeDecodeError as error:
        broken = error
    loose = content.decode("utf-8", errors="replace")
    bad, other = loose.count("\ufffd"), sum(1 for c in loose if not c.isascii())
    if bad <= max(3, 0.1 * other) and other - bad >= 2 * bad:
        line = content[: broken.start].count(b"\n") + 1
        raise StudyError(f"{file}: UTF-8 with a broken byte in line {line}. Save the file again as UTF-8.")
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    foreign = [c for c in text if not c.isascii()]
    known = sum(1 for c in foreign if _everyday(c))
    if not text or not foreign or known < 0.9 * len(foreign):
        raise StudyError(
            f"{file}: neither UTF-8 nor GB18030. Name its encoding (encoding=, such as cp1252 or big5), or save it as UTF-8."
        )
    return _sound(text, file), "gb18030"


def _everyday(character: str) -> bool:
    if character in "\u00a0\u3000·—–…‰²³":
        return True
    try:
        return len(character.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _sound(text: str, file: str) -> str:
    if "\x00" in text:
        raise StudyError(
            f"{file}: holds zero bytes, so it is no text file, or its encoding is UTF-16 without a mark."
        )
    if "\ufffd" in text:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise StudyError(
            f"{file}, line {line}: holds the mark of a lost character (U+FFFD). Export the file again."
        )
    return text
