"""Templates of a filter's map, and the filter loss of the interpretable CNN.

Q. Zhang, Y. N. Wu, S.-C. Zhu, "Interpretable Convolutional Neural Networks", CVPR 2018, arXiv
1710.00935. A filter should answer at one place, and for one class only. How much it does is
the mutual information of its maps x and a set of templates T: one for each place at which it
may answer, and a negative one for the clips at which it should stay silent.

With ``s(x, T) = sum_ij x_ij t_ij``:

    p(x|T) = exp(s(x, T)) / Z_T          Z_T = sum_x exp(s(x, T)) over the batch
    p(x)   = sum_T p(T) p(x|T)
    loss   = -sum_T p(T) sum_x p(x|T) log(p(x|T) / p(x))

The paper's maps are square. Here rows (frequency) and columns (time) have coordinates of their
own, from -1 to 1 along each.
"""

from typing import Any, Final

import numpy as np
from keras import ops

from model.types import Float32

# How steeply a template falls with distance: beta / 2 for a distance from -1 to 1 of 2.
STEEPNESS: Final = 2.0


def coordinates(size: int) -> Float32:
    """Place cells evenly from -1 to 1; a single cell at 0.

    Parameters
    ----------
    size : int
        Number of cells along one axis.

    Returns
    -------
    ndarray of float32, shape (size,)
        Rising.
    """
    return np.linspace(-1, 1, size, dtype=np.float32) if size > 1 else np.zeros(1, np.float32)


def templates(rows: int, columns: int) -> Float32:
    """Build a template for every place, and the negative one behind them.

    ``t_ij = tau max(1 - STEEPNESS (|r_i - r_mu| + |c_j - c_mu|), -1)`` for the place mu, and
    ``-tau`` everywhere for the negative one, with ``tau = 0.5 / (rows columns)``.

    Parameters
    ----------
    rows, columns : int
        Size of the maps.

    Returns
    -------
    ndarray of float32, shape (rows * columns + 1, rows, columns)
        Places in reading order.
    """
    row, column = coordinates(rows), coordinates(columns)
    along_rows = np.abs(row[:, np.newaxis] - row)
    along_columns = np.abs(column[:, np.newaxis] - column)
    distance = along_rows[:, np.newaxis, :, np.newaxis] + along_columns[:, np.newaxis, :]
    positive = np.maximum(1 - STEEPNESS * distance, -1).reshape(-1, rows, columns)
    negative = np.full((1, rows, columns), -1, np.float32)
    scale = np.float32(0.5 / (rows * columns))
    return (scale * np.concatenate([positive, negative])).astype(np.float32)


def prior(places: int) -> Float32:
    """Compute the probability of each template.

    ``alpha / n`` for each of n places and ``1 - alpha`` for the negative template, with
    ``alpha = n / (1 + n)``: all are alike.

    Parameters
    ----------
    places : int
        Number of places n.

    Returns
    -------
    ndarray of float32, shape (places + 1,)
        With sum 1.
    """
    return np.full(places + 1, 1 / (1 + places), np.float32)


def fits(maps: Any, patterns: Any) -> Any:
    """Compute how well every map fits every template, s(x, T).

    Parameters
    ----------
    maps : tensor, shape (batch, rows, columns, filters)
        Not negative.
    patterns : tensor, shape (templates, rows, columns)
        From `templates`.

    Returns
    -------
    tensor, shape (batch, filters, templates)
        Dimensionless.
    """
    return ops.einsum("bhwk,nhw->bkn", maps, patterns)


def _log_probabilities(fit: Any, log_prior: Any) -> tuple[Any, Any, Any]:
    """Logarithms of Z_T, (1, filters, templates), of p(x|T), as `fit`, and of p(x), (batch, f)."""
    log_z = ops.logsumexp(fit, axis=0, keepdims=True)
    given = fit - log_z
    return log_z, given, ops.logsumexp(given + log_prior, axis=-1)


def mutual_information_loss(fit: Any, log_prior: Any) -> Any:
    """Compute the filter loss in full, summed over all templates.

    Parameters
    ----------
    fit : tensor, shape (batch, filters, templates)
        From `fits`.
    log_prior : tensor, shape (templates,)
        Logarithm of `prior`.

    Returns
    -------
    tensor, shape (filters,)
        The negative mutual information of maps and templates, in nat; at most 0.
    """
    _, given, log_p = _log_probabilities(fit, log_prior)
    weights = ops.exp(given + log_prior)
    return -ops.sum(weights * (given - log_p[..., None]), axis=(0, 2))


def target_loss(fit: Any, log_prior: Any, target: Any) -> Any:
    """Compute a loss whose gradient is the one that the paper uses in practice.

    The paper keeps only the target template T^ of each map, and takes Z and p(x) as constants:

        d loss / d x_ij = -p(T^) t^_ij / Z_T^ exp(s(x, T^)) {s(x, T^) - log(Z_T^ p(x))}

    That is the gradient of ``-p(T^) exp(s) / Z_T^ (s - log(Z_T^ p(x)) - 1)``. Its sign is that
    of the braces: a map that fits its target less well than it fits the templates on average
    is pushed further away. The full loss lacks this, for there the braces are compared with
    their mean over the batch, which the paper's gradient leaves out.

    Parameters
    ----------
    fit : tensor, shape (batch, filters, templates)
        From `fits`.
    log_prior : tensor, shape (templates,)
        Logarithm of `prior`.
    target : tensor of int, shape (batch, filters)
        Index of each map's target template.

    Returns
    -------
    tensor, shape (filters,)
        Summed over the batch. Only its gradient has a meaning.
    """
    log_z, _, log_p = _log_probabilities(fit, log_prior)
    chosen = ops.one_hot(target, ops.shape(fit)[-1], dtype=fit.dtype)
    own_fit = ops.sum(chosen * fit, axis=-1)
    own_log_z = ops.stop_gradient(ops.sum(chosen * log_z, axis=-1))
    own_prior = ops.exp(ops.sum(chosen * log_prior, axis=-1))
    surprise = own_fit - own_log_z - ops.stop_gradient(log_p)
    return -ops.sum(own_prior * ops.exp(own_fit - own_log_z) * (surprise - 1), axis=0)
