"""Read the layers and weights of an ONNX file, without the onnx package.

An ONNX file is a message of Protocol Buffers: fields one after the other, each a number that
holds the field's index and its kind, and then its value. Only the fields that are needed are
read; the format allows all others to be skipped. Field numbers: onnx.proto of ONNX 1.x.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES: Final = {_FIXED64: 8, _FIXED32: 4}
_DTYPES: Final = {1: "<f4", 7: "<i8"}
_EXTERNAL: Final = 1

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Node:
    """One operation of the graph.

    Attributes
    ----------
    kind : str
        Such as "Conv".
    inputs, outputs : tuple of str
        Names of the tensors that it reads and writes; weights are among the inputs.
    """

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first; return it and what follows."""
    number, shift = 0, 0
    while True:
        if place >= len(data) or shift > 63:
            raise ValueError("This ONNX file breaks off before its end.")
        byte = data[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Go through the fields of a message: their numbers and values."""
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        kind = key & 7
        if kind == _VARINT:
            value, place = _varint(data, place)
            yield key >> 3, value
            continue
        if kind == _BYTES:
            size, place = _varint(data, place)
        elif kind in _FIXED_SIZES:
            size = _FIXED_SIZES[kind]
        else:
            raise ValueError(f"This is no ONNX file: it has a field of kind {kind}.")
        if place + size > len(data):
            raise ValueError("This ONNX file breaks off before its end.")
        yield key >> 3, data[place : place + size]
        place += size


def _messages(data: bytes, field: int) -> list[bytes]:
    return [value for number, value in _fields(data) if number == field and type(value) is bytes]


def _texts(data: bytes, field: int) -> tuple[str, ...]:
    return tuple(value.decode("utf-8") for value in _messages(data, field))


def _dimensions(data: bytes) -> tuple[int, ...]:
    """Read the shape of a tensor, whose numbers may be packed into one field."""
    sizes: list[int] = []
    for number, value in _fields(data):
        if number != 1:
            continue
        if isinstance(value, int):
            sizes.append(value)
            continue
        place = 0
        while place < len(value):
            size, place = _varint(value, place)
            sizes.append(size)
    return tuple(sizes)


def _tensor(data: bytes, folder: Path) -> tuple[str, Array] | None:
    numbers = {field: value for field, value in _fields(data) if isinstance(value, int)}
    (name,) = _texts(data, 8)
    dtype = _DTYPES.get(numbers.get(2, 0))
    if dtype is None:
        return None
    if numbers.get(14) == _EXTERNAL:
        facts = {_texts(entry, 1)[0]: _texts(entry, 2)[0] for entry in _messages(data, 13)}
        # Only the bare name: a file must not name another place on the disk.
        path = folder / Path(facts["location"]).name
        start, size = int(facts.get("offset", 0)), int(facts["length"])
        with path.open("rb") as file:
            file.seek(start)
            raw = file.read(size)
    else:
        raw = b"".join(_messages(data, 9))
    shape = _dimensions(data)
    if len(raw) != np.dtype(dtype).itemsize * int(np.prod(shape)):
        raise ValueError(f"The weights {name} of this ONNX file are not all there.")
    return name, np.frombuffer(raw, dtype).reshape(shape)


def read_onnx(path: Path) -> tuple[list[Node], dict[str, Array]]:
    """Read a network's operations and weights.

    Parameters
    ----------
    path : Path
        The ONNX file; weights that it keeps in another file are looked for beside it.

    Returns
    -------
    nodes : list of Node
        In the order in which they are computed.
    weights : dict of str to ndarray
        Those of 32-bit floating-point numbers and 64-bit integers, by name.

    Raises
    ------
    ValueError
        If it is no ONNX file, or one that breaks off.
    """
    graphs = _messages(path.read_bytes(), 7)
    if len(graphs) != 1:
        raise ValueError(f"{path.name} is no ONNX file: it holds no network.")
    nodes = [
        Node(_texts(node, 4)[0], _texts(node, 1), _texts(node, 2))
        for node in _messages(graphs[0], 1)
    ]
    tensors = (_tensor(data, path.parent) for data in _messages(graphs[0], 5))
    return nodes, dict(tensor for tensor in tensors if tensor is not None)
