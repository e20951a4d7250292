"""Read the weights in a file that PyTorch saved before version 1.6, without PyTorch.

Such a file is five pickles (a magic number, the format's version, facts about the machine,
the weights with references to their storages, the storages' keys) and then the storages:
the number of elements as a 64-bit integer and the elements, little-endian.
"""

import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_MAGIC: Final = 0x1950A86A20F9469CFC6C
_TYPES: Final = {"FloatStorage": "<f4", "LongStorage": "<i8"}


@dataclass
class _Storage:
    """Numbers that tensors look at; they follow behind the pickles."""

    dtype: str
    values: npt.NDArray[Any] = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True)
class _Tensor:
    """A view of a storage, as the arguments of PyTorch's own constructor describe it."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def read(self) -> npt.NDArray[Any]:
        values = self.storage.values[self.offset :]
        steps = zip(self.shape, self.strides, strict=True)
        if 1 + sum((size - 1) * stride for size, stride in steps) > len(values):
            raise ValueError("This file of weights breaks off before its end.")
        strides = [stride * values.itemsize for stride in self.strides]
        return np.lib.stride_tricks.as_strided(values, self.shape, strides).copy()


class _Unpickler(pickle.Unpickler):
    """Builds nothing but dictionaries of tensors: a pickle could otherwise run any code."""

    storages: dict[str, _Storage]

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: _Tensor(
                storage, offset, shape, strides
            )
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a file of weights")

    def persistent_load(self, reference: Any) -> _Storage:
        _, dtype, key, *_ = reference
        return self.storages.setdefault(key, _Storage(dtype))


def read_state_dict(data: bytes) -> dict[str, npt.NDArray[Any]]:
    """Read named weights.

    Parameters
    ----------
    data : bytes
        What ``torch.save(model.state_dict(), path)`` of PyTorch before 1.6 wrote.

    Returns
    -------
    dict of str to ndarray
        Weights by their names.

    Raises
    ------
    ValueError
        If it is no such file.
    """
    file = io.BytesIO(data)

    storages: dict[str, _Storage] = {}

    def load() -> Any:
        unpickler = _Unpickler(file)
        unpickler.storages = storages
        return unpickler.load()

    try:
        if load() != _MAGIC:
            raise ValueError("This is no file of weights as PyTorch wrote it before 1.6.")
        load(), load()  # version and machine
        tensors: dict[str, _Tensor] = load()
        keys: list[str] = load()
    except (pickle.UnpicklingError, EOFError, KeyError) as error:
        raise ValueError(f"This file of weights cannot be read: {error}") from error
    for key in keys:
        storage = storages[key]
        count = int.from_bytes(file.read(8), "little")
        values = file.read(count * np.dtype(storage.dtype).itemsize)
        storage.values = np.frombuffer(values, storage.dtype)
    return {name: tensor.read() for name, tensor in tensors.items()}
