"""Files of weights as PyTorch wrote them before 1.6, written without PyTorch."""

import io
import pickle
import sys
from collections import OrderedDict
from types import ModuleType
from typing import Any
from unittest import mock

import numpy as np

MAGIC, VERSION = 0x1950A86A20F9469CFC6C, 1001


class FloatStorage:
    """Stands for torch.FloatStorage, of which a pickle holds the name alone."""


def _rebuild_tensor_v2(*arguments: Any) -> Any:
    raise NotImplementedError("only named in the pickle, never run")


FloatStorage.__module__ = "torch"
FloatStorage.__qualname__ = "FloatStorage"
_rebuild_tensor_v2.__module__ = "torch._utils"


class _Storage:
    def __init__(self, key: str, values: np.ndarray) -> None:
        self.key, self.values = key, values


class _View:
    """A tensor: how to look at a storage."""

    def __init__(self, storage: _Storage, offset: int, array: np.ndarray) -> None:
        strides = tuple(stride // array.itemsize for stride in array.strides)
        self._arguments: tuple[Any, ...] = (storage, offset, array.shape, strides, False, {})

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_tensor_v2, self._arguments


class _Pickler(pickle.Pickler):
    def persistent_id(self, item: Any) -> Any:
        if isinstance(item, _Storage):
            return ("storage", FloatStorage, item.key, "cpu", item.values.size, None)
        return None


def torch_bytes(weights: dict[str, np.ndarray], magic: int = MAGIC, beyond: int = 0) -> bytes:
    """Write float32 weights; a transposed array becomes a view with its own strides.

    With `beyond`, the views claim to begin so many elements behind the storage's beginning.
    """
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    torch.FloatStorage = FloatStorage  # type: ignore[attr-defined]
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    storages = []
    views: OrderedDict[str, _View] = OrderedDict()
    for index, (name, array) in enumerate(weights.items()):
        storage = _Storage(str(index), array.ravel(order="K"))
        storages.append(storage)
        views[name] = _View(storage, beyond, array)
    file = io.BytesIO()
    with mock.patch.dict(sys.modules, {"torch": torch, "torch._utils": utils}):
        keys = [storage.key for storage in storages]
        for part in (magic, VERSION, {"little_endian": True}, views, keys):
            _Pickler(file, protocol=2).dump(part)
    for storage in storages:
        file.write(np.int64(storage.values.size).tobytes() + storage.values.tobytes())
    return file.getvalue()
