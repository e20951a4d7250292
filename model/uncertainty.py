"""How sure a share is that was counted on a few tracks."""

from scipy.special import betaincinv


def interval(right: float, n: int) -> tuple[float, float]:
    """Give the 95 % interval of a share: where it may lie for other tracks of the same kind.

    Clopper and Pearson's exact one, Biometrika 26, 1934, by the inverse of the
    incomplete beta function, which also holds between whole numbers: for a mean over runs.

    Parameters
    ----------
    right : float
        Tracks that were counted, 0 to `n`.
    n : int
        Tracks in all.

    Returns
    -------
    low, high : float
        Bounds of the share.

    Raises
    ------
    ValueError
        If there are no tracks, or more were counted than there are.
    """
    if n < 1 or not 0 <= right <= n:
        raise ValueError(f"{right} of {n} tracks have no share")
    low = float(betaincinv(right, n - right + 1, 0.025)) if right > 0 else 0.0
    high = float(betaincinv(right + 1, n - right, 0.975)) if right < n else 1.0
    return low, high


def share(right: float, n: int) -> dict[str, float | int | list[float]]:
    """Give a share with its number of tracks and its interval, as plain numbers for JSON.

    Parameters
    ----------
    right : float
        Tracks that were counted.
    n : int
        Tracks in all.

    Returns
    -------
    dict
        ``{"n", "share", "interval"}``.
    """
    return {"n": n, "share": right / n, "interval": list(interval(right, n))}
