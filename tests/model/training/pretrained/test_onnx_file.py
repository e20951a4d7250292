"""ONNX files are read without the package that writes them."""

import numpy as np
import pytest

from model.training.pretrained.onnx_file import read_onnx


def varint(number: int) -> bytes:
    rest, digit = divmod(number, 128)
    return bytes([digit | 128]) + varint(rest) if rest else bytes([digit])


def field(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


WEIGHTS = np.arange(300, dtype="<f4").reshape(100, 3)
NODE = field(1, "in") + field(1, "w") + field(2, "out") + field(3, "a name") + field(4, "Conv")


def tensor(name: str, *rest: bytes) -> bytes:
    return field(8, name) + field(2, 1) + field(1, 100) + field(1, 3) + b"".join(rest)


def write(path, graph: bytes) -> None:
    version = field(1, 8)
    fixed = bytes([9 << 3 | 1]) + bytes(8) + bytes([10 << 3 | 5]) + bytes(4)
    path.write_bytes(version + fixed + field(7, graph))


def external(location: str, offset: int) -> bytes:
    facts = {"location": location, "offset": str(offset), "length": str(WEIGHTS.nbytes)}
    entries = [field(13, field(1, key) + field(2, value)) for key, value in facts.items()]
    return b"".join(entries) + field(14, 1)


def test_operations_and_weights_inside_the_file(tmp_path):
    path = tmp_path / "net.onnx"
    packed = field(8, "p") + field(2, 1) + field(1, varint(100) + varint(3))
    graph = field(1, NODE) + field(5, tensor("w", field(9, WEIGHTS.tobytes())))
    write(path, graph + field(5, packed + field(9, WEIGHTS.tobytes())))
    nodes, weights = read_onnx(path)
    (node,) = nodes
    assert (node.kind, node.inputs, node.outputs) == ("Conv", ("in", "w"), ("out",))
    np.testing.assert_array_equal(weights["w"], WEIGHTS)
    np.testing.assert_array_equal(weights["p"], WEIGHTS)


def test_weights_beside_the_file(tmp_path):
    path = tmp_path / "net.onnx"
    (tmp_path / "net.data").write_bytes(bytes(4) + WEIGHTS.tobytes())
    write(path, field(5, tensor("w", external("net.data", 4))))
    np.testing.assert_array_equal(read_onnx(path)[1]["w"], WEIGHTS)


def test_weights_elsewhere_on_the_disk_are_not_read(tmp_path):
    (tmp_path / "secret").write_bytes(WEIGHTS.tobytes())
    (tmp_path / "inner").mkdir()
    path = tmp_path / "inner" / "net.onnx"
    write(path, field(5, tensor("w", external("../secret", 0))))
    with pytest.raises(FileNotFoundError):
        read_onnx(path)


def test_numbers_of_another_kind_are_left_out(tmp_path):
    path = tmp_path / "net.onnx"
    half = field(8, "h") + field(2, 10) + field(1, 2) + field(9, bytes(4))
    write(path, field(5, half))
    assert read_onnx(path) == ([], {})


def test_a_file_that_breaks_off_is_refused(tmp_path):
    path = tmp_path / "net.onnx"
    write(path, field(5, tensor("w", field(9, WEIGHTS.tobytes()))))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="breaks off"):
        read_onnx(path)
    write(path, field(5, tensor("w", field(9, WEIGHTS.tobytes()[:-100]))))
    with pytest.raises(ValueError, match="not all there"):
        read_onnx(path)


@pytest.mark.parametrize("data", [b"", b"\x07 no such file", b"\x0a\x02hi"])
def test_another_file_is_refused(tmp_path, data):
    path = tmp_path / "net.onnx"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="no ONNX file"):
        read_onnx(path)
