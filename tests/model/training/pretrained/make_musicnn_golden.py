"""Run musicnn's own published graphs on a fixed input and keep a part of its activations.

The figures in musicnn_golden.npz come from here, and so from none of our code::

    pip download --no-deps musicnn==0.1.0
    python tests/model/training/pretrained/make_musicnn_golden.py musicnn-0.1.0-py3-none-any.whl
"""

import argparse
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import meta_graph_pb2

FRAMES, BANDS = 187, 96
VGG_OUTPUTS = [f"model/batch_normalization_{index}/cond/Merge" for index in range(1, 6)]
MUSICNN_OUTPUTS = ["model/transpose", "model/Add", "model/Add_1"]


def fixed_input() -> np.ndarray:
    return np.random.default_rng(1234).uniform(0, 4, (1, FRAMES, BANDS)).astype(np.float32)


def run_published_graph(wheel: Path, name: str, outputs: list[str]) -> list[np.ndarray]:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        for suffix in (".index", ".data-00000-of-00001", ".meta"):
            data = archive.read(f"musicnn/{name}/{suffix}")
            Path(folder, f"checkpoint{suffix}").write_bytes(data)
        return run_graph(Path(folder), outputs)


def run_graph(folder: Path, outputs: list[str]) -> list[np.ndarray]:
    meta = meta_graph_pb2.MetaGraphDef()
    meta.ParseFromString((folder / "checkpoint.meta").read_bytes())
    reader = tf.train.load_checkpoint(str(folder / "checkpoint"))
    # Without the gradients, which today's TensorFlow cannot read any more.
    graph_def = tf.compat.v1.graph_util.extract_sub_graph(meta.graph_def, outputs)
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(graph_def, name="")
        feed = {
            f"{name}/read:0": reader.get_tensor(name)
            for name in reader.get_variable_to_shape_map()
            if any(node.name == f"{name}/read" for node in graph_def.node)
        }
        for node in graph_def.node:
            if node.op == "Placeholder":
                tensor = graph.get_tensor_by_name(f"{node.name}:0")
                feed[tensor.name] = False if tensor.dtype == tf.bool else fixed_input()
        with tf.compat.v1.Session(graph=graph) as session:
            return session.run([f"{name}:0" for name in outputs], feed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    wheel = parser.parse_args().wheel
    vgg = run_published_graph(wheel, "MSD_vgg", VGG_OUTPUTS)
    kept = {f"conv{i}": activation[0, ::9, ::5, ::8] for i, activation in enumerate(vgg, start=1)}
    middle = run_published_graph(wheel, "MSD_musicnn", MUSICNN_OUTPUTS)
    # Both ends too: there the zeros of the padding are heard.
    kept |= {f"middle{i}": layer[0, ::6, ::4, 0] for i, layer in enumerate(middle, start=1)}
    np.savez_compressed(Path(__file__).with_name("musicnn_golden.npz"), **kept)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
