"""A file of rows and columns in which single cells are changed, and all else stays as it is, to the last byte."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DELIMITERS = (",", ";", "\t")


class NoSheet(ValueError):
    """The file is no table. The message says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: as it stands in the file, and what it means."""

    raw: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and what ends it."""

    cells: tuple[Cell, ...]
    end: str

    def value(self, column: int) -> str:
        return self.cells[column].value if column < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file."""

    lines: tuple[Line, ...]
    delimiter: str
    encoding: str
    mark: bytes = b""
    quoted: bool = field(default=False)
    """Whether every cell stands in quotes, so that a new one does as well."""

    @classmethod
    def read(cls, data: bytes) -> Sheet:
        """Raises `NoSheet`."""
        mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
        body = data[len(mark) :]
        for name in (encoding,) if encoding else ("utf-8", "cp1252"):
            try:
                text = body.decode(name)
                break
            except UnicodeDecodeError:
                continue
        else:
            raise NoSheet("The file is not text in an encoding that is known here. Export it anew as CSV in UTF-8.")
        first = text.split("\n", 1)[0]
        delimiter = max(_DELIMITERS, key=first.count)
        lines = tuple(_lines(text, delimiter))
        if not lines or len(lines[0].cells) < 2:
            raise NoSheet("The file has no columns. Export it from your system as CSV, and name that file.")
        quoted = all(cell.raw.startswith('"') for cell in lines[0].cells)
        return cls(lines, delimiter, name, mark, quoted)

    @property
    def head(self) -> tuple[str, ...]:
        return tuple(cell.value for cell in self.lines[0].cells)

    def filled(self, column: int, values: dict[int, str]) -> Sheet:
        """The sheet with these values in one column, by row."""
        lines = list(self.lines)
        for row, value in values.items():
            line = lines[row]
            raw = f'"{value}"' if self.quoted or line.cells[column].raw.startswith('"') else value
            lines[row] = replace(line, cells=(*line.cells[:column], Cell(raw, value), *line.cells[column + 1 :]))
        return replace(self, lines=tuple(lines))

    def data(self) -> bytes:
        text = "".join(self.delimiter.join(cell.raw for cell in line.cells) + line.end for line in self.lines)
        return self.mark + text.encode(self.encoding)


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    """Rows as RFC 4180 has them: a quoted field may hold the delimiter, line breaks, and quotes written twice."""
    cells: list[Cell] = []
    start, place = 0, 0
    while place <= len(text):
        if place < len(text) and text[place] == '"' and place == start:
            place += 1
            while place < len(text):
                if text[place] == '"':
                    if text[place + 1 : place + 2] != '"':
                        break
                    place += 1
                place += 1
            else:
                raise NoSheet("A quotation mark in the file is never closed. Export it anew.")
            place += 1
            continue
        if place == len(text) or text[place] in (delimiter, "\n", "\r"):
            raw = text[start:place]
            quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
            at_end = place == len(text)
            if not (at_end and not cells and not raw):
                cells.append(Cell(raw, raw[1:-1].replace('""', '"') if quoted else raw))
            end = "" if at_end else text[place]
            if end == "\r" and text[place + 1 : place + 2] == "\n":
                end = "\r\n"
            place += max(1, len(end))
            start = place
            if end != delimiter:
                if cells:
                    yield Line(tuple(cells), end)
                cells = []
            continue
        place += 1
