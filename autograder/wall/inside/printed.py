"""What a cell printed, drew and raised, in notebook format and cut where it becomes a flood."""

from __future__ import annotations

from typing import Any

MAX_TEXT = 1 << 20
MAX_RICH = 6 << 20
MAX_ITEMS = 1000
MAX_MESSAGE = 500


class Outputs:
    """The outputs of the cell that is running, in notebook format, cut where they become a flood."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._text = self._rich = 0

    def text(self, name: str, text: str) -> None:
        left = MAX_TEXT - self._text
        self._text += len(text)
        if left <= 0 or len(self.items) >= MAX_ITEMS:
            return
        if len(text) > left:
            text = text[:left] + "\n[output cut here]\n"
        if self.items and self.items[-1].get("name") == name:
            self.items[-1]["text"].append(text)
        else:
            self.items.append({"output_type": "stream", "name": name, "text": [text]})

    def rich(self, kind: str, data: dict[str, Any]) -> None:
        kept = {mime: value for mime, value in data.items() if isinstance(mime, str) and isinstance(value, str)}
        self._rich += sum(map(len, kept.values()))
        if self._rich <= MAX_RICH and len(self.items) < MAX_ITEMS:
            extra = {"execution_count": None} if kind == "execute_result" else {}
            self.items.append({"output_type": kind, "data": kept, "metadata": {}, **extra})

    def error(self, error: BaseException, frames: list[str]) -> None:
        self.items.append(
            {
                "output_type": "error",
                "ename": name_of(type(error)),
                "evalue": message_of(error),
                "traceback": [*frames, f"{name_of(type(error))}: {message_of(error)}"],
            }
        )

    def plain(self) -> list[dict[str, Any]]:
        """The outputs as plain data, texts joined."""
        return [{**item, "text": "".join(item["text"])} if "text" in item else item for item in self.items]


class Stream:
    """What `sys.stdout` and `sys.stderr` are for a student: text that goes to the cell's outputs."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs = outputs
        self.name = f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.text(self._stream, text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False


def name_of(kind: type) -> str:
    """A class's own name, also where its metaclass says something else."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name[:100]


def message_of(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return f"{error.msg} (line {error.lineno})"[:MAX_MESSAGE]  # without a file name that says nothing
        return str(error)[:MAX_MESSAGE]
    except Exception:
        return ""
