"""The baseline of the comparison: a linear classifier on statistics of the mel bands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from model.gtzan.pictures import Pictures
from model.types import Float32

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


# Inverse strengths of the penalty on the weights that are tried.
PENALTIES: Final = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)


def mel_statistics(levels: Float32) -> Float32:
    """Summarise pictures over time.

    Parameters
    ----------
    levels : ndarray of float32, shape (clips, N_MELS, frames)
        In dB below each clip's maximum.

    Returns
    -------
    ndarray of float32, shape (clips, 3 * N_MELS)
        Mean, standard deviation and mean magnitude of the change from frame to frame, of
        every band, in dB.
    """
    change = np.abs(np.diff(levels, axis=2)).mean(axis=2)
    return np.concatenate([levels.mean(axis=2), levels.std(axis=2), change], axis=1)


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """Logistic regression on standardised mel-band statistics.

    Attributes
    ----------
    penalty : float
        Inverse strength of the penalty (scikit-learn's C) that did best on valid.
    """

    penalty: float
    _pipeline: "Pipeline"

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        regression = self._pipeline[-1]
        return int(regression.coef_.size + regression.intercept_.size)

    def accuracy(self, pictures: Pictures) -> float:
        """Compute the share of clips with the right verdict."""
        return float((self.predict(pictures) == pictures.labels).mean())

    def predict(self, pictures: Pictures) -> npt.NDArray[np.int64]:
        """Predict the class of each clip, (clips,)."""
        features = mel_statistics(pictures.levels(slice(None)))
        verdicts: npt.NDArray[np.int64] = self._pipeline.predict(features)
        return verdicts


def fit_linear(train: Pictures, valid: Pictures) -> LinearClassifier:
    """Fit the classifier, with the penalty that does best on valid.

    Parameters
    ----------
    train, valid : Pictures
        To learn from, and to choose on.

    Returns
    -------
    LinearClassifier
        The strongest penalty of those that do equally well.
    """
    # scikit-learn takes a second to import, and no other command needs it.
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    features = mel_statistics(train.levels(slice(None)))
    fitted = [
        LinearClassifier(
            penalty,
            make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=5_000)).fit(
                features, train.labels
            ),
        )
        for penalty in PENALTIES
    ]
    return max(fitted, key=lambda classifier: classifier.accuracy(valid))
