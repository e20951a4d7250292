"""From the layers of a saved network to what computes it."""

from collections.abc import Callable
from typing import Final

from model.inference.convolution import Edges, Ending, Form, convolution
from model.inference.depthwise import Depthwise
from model.inference.layer import (
    Affine,
    BandBias,
    Bounded,
    Dense,
    Identity,
    Layer,
    Rectifier,
    affine_of_norm,
)
from model.inference.levels import (
    BandsUpTo,
    FinerFrames,
    LevelToLogPower,
    StandardLevels,
    band_shares,
)
from model.inference.merging import Cropped, Joined, Padded, Product, Sum
from model.inference.part_filters import RowFilters
from model.inference.pooling import Maximum, Mean, MeanOfAll
from model.inference.statistics import LogOfSome, affine_of_normalization
from model.inference.stored import StoredLayer, UnknownNetworkError
from model.types import Float32

NO_EDGES: Final[Edges] = ((0, 0), (0, 0))
Scales = tuple[Float32, Float32]


def layer_of(stored: StoredLayer, edges: Edges = NO_EDGES, affine: Scales | None = None) -> Layer:
    """Build what computes a saved layer.

    Parameters
    ----------
    stored : StoredLayer
        The layer.
    edges : tuple
        Zeros that a layer before a convolution puts around its input.
    affine : tuple of ndarray, optional
        Scale and shift of a normalisation behind a convolution.

    Returns
    -------
    Layer
        For one clip at a time.

    Raises
    ------
    UnknownNetworkError
        If only Keras knows such a layer.
    """
    if stored.kind == "Conv2D":
        form = _form(stored, edges)
        return convolution(stored.weights[0], form, _ending(stored, 1, affine))
    if stored.kind == "DepthwiseConv2D":
        kernel = stored.weights[0]
        if kernel.shape[-1] != 1 or stored.settings["dilation_rate"] != [1, 1]:
            raise _unknown(stored)
        return Depthwise(kernel[..., 0], _form(stored, edges), _ending(stored, 1, affine))
    if stored.kind not in _BUILDERS:
        raise _unknown(stored)
    return _BUILDERS[stored.kind](stored)


def affine_of(stored: StoredLayer) -> Scales:
    """Turn a saved batch normalisation into scale and shift."""
    if len(stored.weights) != 4 or stored.settings["axis"] != -1:
        raise _unknown(stored)
    return affine_of_norm(stored.weights, stored.settings["epsilon"])


def padding_of(stored: StoredLayer) -> Edges:
    """Read how many zeros a saved layer puts around its input."""
    (top, bottom), (left, right) = stored.settings["padding"]
    return (top, bottom), (left, right)


def _unknown(stored: StoredLayer) -> UnknownNetworkError:
    return UnknownNetworkError(f"{stored.name}: this {stored.kind} is left to Keras")


def _form(stored: StoredLayer, edges: Edges) -> Form:
    settings = stored.settings
    step, gap = (tuple(settings[name]) for name in ("strides", "dilation_rate"))
    if settings.get("groups", 1) != 1 or settings["data_format"] != "channels_last":
        raise _unknown(stored)
    if settings["padding"] == "same":
        if step != (1, 1) or edges != NO_EDGES:
            raise _unknown(stored)
        reach = [(taps - 1) * one for taps, one in zip(stored.weights[0].shape, gap, strict=False)]
        rows, columns = ((each // 2, each - each // 2) for each in reach)
        edges = (rows, columns)
    elif settings["padding"] != "valid":
        raise _unknown(stored)
    return Form(edges, step, gap)


def _ending(stored: StoredLayer, place: int, affine: Scales | None) -> Ending:
    activation = stored.settings["activation"]
    if activation not in ("linear", "relu", "sigmoid"):
        raise _unknown(stored)
    bias = stored.weights[place] if stored.settings["use_bias"] else None
    return Ending(bias, activation, affine)


def _dense(stored: StoredLayer) -> Layer:
    if stored.settings["activation"] not in ("linear", "relu"):
        raise _unknown(stored)
    bias = stored.weights[1] if stored.settings["use_bias"] else None
    return Dense(stored.weights[0], bias, rectifies=stored.settings["activation"] == "relu")


def _pool(kind: type[Maximum] | type[Mean]) -> Callable[[StoredLayer], Layer]:
    def build(stored: StoredLayer) -> Layer:
        if stored.settings["padding"] != "valid":
            raise _unknown(stored)
        (rows, columns), (down, across) = (
            stored.settings[name] for name in ("pool_size", "strides")
        )
        return kind((rows, columns), (down, across))

    return build


def _cropped(stored: StoredLayer) -> Layer:
    (top, bottom), (left, right) = stored.settings["cropping"]
    return Cropped(((top, bottom), (left, right)))


def _bands_up_to(stored: StoredLayer) -> Layer:
    n_mels = stored.shapes[0][1]
    if n_mels is None:
        raise _unknown(stored)
    settings = stored.settings
    return BandsUpTo(band_shares(settings["n_bands"], settings["highest_hz"], n_mels))


def _rectifier(stored: StoredLayer) -> Layer:
    settings = stored.settings
    if settings["max_value"] is not None or settings["negative_slope"] or settings["threshold"]:
        raise _unknown(stored)
    return Rectifier()


def _joined(stored: StoredLayer) -> Layer:
    if stored.settings["axis"] != -1:
        raise _unknown(stored)
    return Joined()


def _row_filters(stored: StoredLayer) -> Layer:
    if stored.settings["places"] != "rows":
        raise _unknown(stored)
    return RowFilters(stored.weights[0])


_BUILDERS: Final[dict[str, Callable[[StoredLayer], Layer]]] = {
    "Add": lambda _: Sum(),
    "AveragePooling2D": _pool(Mean),
    "BandBias": lambda stored: BandBias(stored.weights[0]),
    "BandsUpTo": _bands_up_to,
    "BatchNormalization": lambda stored: Affine(*affine_of(stored)),
    "Bounded": lambda stored: Bounded(stored.settings["limit"]),
    "Concatenate": _joined,
    "Cropping2D": _cropped,
    "Dense": _dense,
    "Dropout": lambda _: Identity(),
    "FinerFrames": lambda stored: FinerFrames(stored.settings["factor"]),
    "GaussianNoise": lambda _: Identity(),
    "GlobalAveragePooling2D": lambda _: MeanOfAll(),
    "LevelToLogPower": lambda stored: LevelToLogPower(stored.settings["gain_db"]),
    "LogOfSome": lambda stored: LogOfSome(stored.settings["columns"]),
    "MaxPooling2D": _pool(Maximum),
    "Multiply": lambda _: Product(),
    "Normalization": lambda stored: Affine(*affine_of_normalization(stored.weights)),
    "PartFilters": _row_filters,
    "ReLU": _rectifier,
    "StandardLevels": lambda stored: StandardLevels(
        stored.settings["mean_db"], stored.settings["spread_db"]
    ),
    "ZeroPadding2D": lambda stored: Padded(padding_of(stored)),
}
