"""An assignment's own Python files, compiled once and not in every process that imports them."""

from __future__ import annotations

import functools
import importlib.util
import marshal
from collections.abc import Mapping


def of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The bytecode files that Python looks for beside these Python files, by path."""
    sources = {name: source for name, source in files.items() if name.endswith(".py")}
    return {importlib.util.cache_from_source(name): _compiled(name, source) for name, source in sources.items()}


@functools.lru_cache(maxsize=64)
def _compiled(name: str, source: bytes) -> bytes:
    """A bytecode file that holds as long as its source's hash is this one, as PEP 552 lays it out."""
    code = compile(source, name, "exec", dont_inherit=True)
    by_hash = (0b11).to_bytes(4, "little")
    return importlib.util.MAGIC_NUMBER + by_hash + importlib.util.source_hash(source) + marshal.dumps(code)
