"""Run the published PyTorch graph of EfficientNet-Lite0 and keep a part of its features.

The figures in efficientnet_golden.npz come from here, and so from none of our code. The
weights are drawn, not the published ones, so that the test needs no download::

    pip download --no-deps efficientnet-lite-pytorch==0.1.0
    python -m tests.model.training.pretrained.make_efficientnet_golden \
        efficientnet_lite_pytorch-0.1.0-py3-none-any.whl
"""

import argparse
import importlib
import sys
from pathlib import Path

import numpy as np

from tests.model.training.drawn_weights import drawn_weights, fixed_input


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    sys.path.insert(0, str(parser.parse_args().wheel))
    # PyTorch is none of the project's requirements, and the package is read out of its wheel.
    torch = importlib.import_module("torch")
    package = importlib.import_module("efficientnet_lite_pytorch")

    # Without a fixed size of the picture its padding follows the picture.
    network = package.EfficientNet.from_name("efficientnet-lite0", image_size=None).eval()
    shapes = {
        name: tuple(tensor.shape)
        for name, tensor in network.state_dict().items()
        if not name.startswith("_fc") and "num_batches" not in name
    }
    weights = {name: torch.from_numpy(w) for name, w in drawn_weights(shapes).items()}
    network.load_state_dict(weights, strict=False)
    with torch.no_grad():
        features = network.extract_features(torch.from_numpy(fixed_input().transpose(0, 3, 1, 2)))
    kept = features.numpy().transpose(0, 2, 3, 1)[0, :, :, ::40]
    np.savez_compressed(Path(__file__).with_name("efficientnet_golden.npz"), features=kept)


if __name__ == "__main__":
    main()
