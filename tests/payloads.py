"""Reading what goes to the player in the browser, as the player does."""

import json
from typing import Any

import numpy as np


def unpack(payload: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The header and the arrays of a payload of `model.export.player_payload`."""
    length = int.from_bytes(payload[:4], "little")
    header = json.loads(payload[4 : 4 + length])
    arrays, offset = {}, 4 + length
    for entry in header.pop("arrays"):
        dtype = np.dtype(entry["type"]).newbyteorder("<")
        count = int(np.prod(entry["shape"]))
        arrays[entry["name"]] = np.frombuffer(payload, dtype, count, offset).reshape(entry["shape"])
        offset += count * dtype.itemsize
    assert offset == len(payload)
    return header, arrays
