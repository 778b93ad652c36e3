"""What a disk still holds when the power fails: what SQLite had it keep, and of the rest what chance kept.

SQLite's own file layer is used as it is; between SQLite and that layer every write is noted, and every sync,
which makes the writes to a file safe. Knows of SQLite's C structures where the three functions lie that are
replaced. Leaves out files cut shorter or removed, which a register in use does not do.
"""

import _sqlite3
import ctypes
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

HEADS = 0.5


@dataclass
class Platter:
    """The bytes of every file that are safe, and the writes that are not yet."""

    chance: random.Random
    at_a_write: Callable[[], None] = lambda: None
    safe: dict[str, bytearray] = field(default_factory=dict)
    unsafe: list[tuple[str, int, bytes]] = field(default_factory=list)

    def opened(self, name: str) -> None:
        """Take what a file holds when it is first opened for safe."""
        if name not in self.safe:
            self.safe[name] = bytearray(Path(name).read_bytes())

    def written(self, name: str, place: int, data: bytes) -> None:
        """Note a write that memory has, and perhaps the disk."""
        self.unsafe.append((name, place, data))
        self.at_a_write()

    def synced(self, name: str) -> None:
        """Make safe what was written to a file so far."""
        for _, place, data in (each for each in self.unsafe if each[0] == name):
            _put(self.safe[name], place, data)
        self.unsafe = [each for each in self.unsafe if each[0] != name]

    def without_power(self) -> dict[str, bytes]:
        """Return the files by their bare names as a power cut now would leave them."""
        files = {name: bytearray(data) for name, data in self.safe.items()}
        for name, place, data in self.unsafe:
            if self.chance.random() < HEADS:
                _put(files[name], place, data)
        return {Path(name).name: bytes(data) for name, data in files.items()}


def _put(file: bytearray, place: int, data: bytes) -> None:
    file.extend(bytes(max(0, place - len(file))))
    file[place : place + len(data)] = data


_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)


class _Methods(Structure):
    """`sqlite3_io_methods` up to its third version."""

    _fields_: ClassVar = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", _Write),
        ("truncate", c_void_p),
        ("sync", _Sync),
        ("others", c_void_p * 13),
    ]


class _File(Structure):
    """`sqlite3_file`: what SQLite knows of an open file."""

    _fields_: ClassVar = [("methods", POINTER(_Methods))]


class _Vfs(Structure):
    """`sqlite3_vfs` up to its third version."""

    _fields_: ClassVar = [
        ("version", c_int),
        ("file_size", c_int),
        ("path_longest", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _Open),
        ("others", c_void_p * 15),
    ]


@contextmanager
def watched_by(platter: Platter) -> Iterator[None]:
    """Let every file that SQLite opens in the block be watched; connections must be closed within it."""
    library = ctypes.CDLL(_sqlite3.__file__)  # leads to the very library that the module uses
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    plain = library.sqlite3_vfs_find(None)
    layer = _Layer(platter, plain.contents)
    library.sqlite3_vfs_register(ctypes.byref(layer.vfs), 1)
    try:
        yield
    finally:
        library.sqlite3_vfs_unregister(ctypes.byref(layer.vfs))
        library.sqlite3_vfs_register(plain, 1)


class _Layer:
    """SQLite's file layer with opening, writing and syncing passed through a platter."""

    def __init__(self, platter: Platter, plain: _Vfs) -> None:
        self._platter = platter
        self._plain = plain
        self._names: dict[int, str] = {}
        self._replaced: list[_Methods] = []
        self.vfs = _Vfs.from_buffer_copy(plain)
        self.vfs.name = b"watched"
        self.vfs.open = _Open(self._open)

    def _open(self, vfs: int, name: int | None, file: int, flags: int, flags_out: int | None) -> int:
        failed: int = self._plain.open(vfs, name, file, flags, flags_out)
        if not failed and name:
            self._names[file] = os.fsdecode(ctypes.string_at(name))
            self._platter.opened(self._names[file])
            self._watch(_File.from_address(file))
        return failed

    def _watch(self, file: _File) -> None:
        plain = file.methods.contents
        methods = _Methods.from_buffer_copy(plain)

        def write(to: int, data: int, size: int, place: int) -> int:
            failed: int = plain.write(to, data, size, place)
            self._platter.written(self._names[to], place, ctypes.string_at(data, size))
            return failed

        def sync(which: int, flags: int) -> int:
            failed: int = plain.sync(which, flags)
            self._platter.synced(self._names[which])
            return failed

        methods.write, methods.sync = _Write(write), _Sync(sync)
        self._replaced.append(methods)
        file.methods = ctypes.pointer(methods)
