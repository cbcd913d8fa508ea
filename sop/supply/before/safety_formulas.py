"""Safety stock: the deviation it covers, the stock for a service level or a fill rate, what a stock serves.

Sources: Silver, Pyke and Thomas, Inventory and Production Management in Supply Chains (4th ed., ch. 6);
Chopra and Meindl, Supply Chain Management (6th ed., ch. 12); Axsäter, Inventory Control (3rd ed., ch. 5).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr, ndtri

from sop.core.inputs import Floats


def lead_time_sigma(
    demand_mean: Floats | float,
    demand_sd: Floats | float,
    lead_time: Floats | float,
    lead_time_sd: Floats | float = 0.0,
    review_period: Floats | float = 0.0,
) -> Floats:
    """Standard deviation of demand over the replenishment lead time, in units.

    sigma = sqrt((L + review) sd^2 + d^2 sd_L^2), demand per period, lead time and review in the same period
    (Chopra and Meindl, ch. 12). The lead time is the one of replenishment, not the customer's.

    >>> round(float(lead_time_sigma(2500, 500, 7, 7)), 0)  # Chopra and Meindl, ch. 12, Dell: 17,550
    17550.0
    """
    exposed = np.asarray(lead_time, dtype=float) + review_period
    return np.sqrt(exposed * np.square(demand_sd) + np.square(demand_mean) * np.square(lead_time_sd))


def safety_stock_for_service(service_level: Floats | float, sigma: Floats | float) -> Floats:
    """Safety stock in units for a cycle service level (fraction): z sigma, never negative.

    >>> round(float(safety_stock_for_service(0.90, 707.107)), 0)  # Chopra and Meindl, ch. 12, B&M: 906
    906.0
    """
    return np.maximum(ndtri(np.asarray(service_level, dtype=float)), 0.0) * np.asarray(sigma, dtype=float)


def unit_loss(z: Floats | float) -> Floats:
    """Standard normal loss G(z) = phi(z) - z (1 - Phi(z)): expected units short per unit of sigma.

    >>> round(float(unit_loss(1.0)), 4)  # Silver, Pyke and Thomas, table of G(k): 0.0833
    0.0833
    """
    z = np.asarray(z, dtype=float)
    return np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi) - z * ndtr(-z)


def safety_factor_for_loss(loss: Floats | float) -> Floats:
    """The z at which `unit_loss` equals `loss` (> 0), by Newton's method from below.

    G is convex and falling, so from any z with G(z) >= loss every step stays below the answer and rises to it.
    """
    loss = np.asarray(loss, dtype=float)
    z = np.minimum(-loss, 0.0)  # G(z) > -z
    for _ in range(200):
        step = (unit_loss(z) - loss) / ndtr(-z)
        z = z + step
        if np.all(np.abs(step) <= 1e-13 * (1.0 + np.abs(z))):
            break
    return z


def safety_stock_for_fill_rate(
    fill_rate: Floats | float, order_quantity: Floats | float, sigma: Floats | float
) -> Floats:
    """Safety stock in units for a fill rate (fraction of demand served from stock), never negative.

    sigma G(z) = (1 - fill rate) Q with Q the replenishment lot (Silver, Pyke and Thomas, ch. 6; Chopra and
    Meindl, ch. 12). No variation needs no safety stock; a fill rate of 1 cannot be reached and gives inf.

    >>> round(float(safety_stock_for_fill_rate(0.975, 10_000, 707.107)), 0)  # Chopra and Meindl, ch. 12, B&M: 67
    67.0
    """
    short, sigma = (1.0 - np.asarray(fill_rate, dtype=float)) * order_quantity, np.asarray(sigma, dtype=float)
    solvable = (sigma > 0) & (short > 0)
    z = safety_factor_for_loss(np.where(solvable, short / np.where(sigma > 0, sigma, 1.0), 1.0))
    stock = np.where(solvable, np.maximum(z, 0.0) * sigma, 0.0)
    return np.where((sigma > 0) & (short <= 0), np.inf, stock)


def fill_rate(safety_stock: Floats | float, order_quantity: Floats | float, sigma: Floats | float) -> Floats:
    """Fill rate (fraction) that a safety stock gives: 1 - sigma G(stock / sigma) / Q."""
    sigma = np.asarray(sigma, dtype=float)
    short = sigma * unit_loss(np.asarray(safety_stock) / np.where(sigma > 0, sigma, 1.0))
    return 1.0 - np.where(sigma > 0, short, 0.0) / order_quantity


def service_of_safety_stock(safety_stock: Floats | float, sigma: Floats | float) -> Floats:
    """Cycle service level (fraction) that a safety stock gives: Phi(stock / sigma); without variation 1.

    >>> round(float(service_of_safety_stock(906.2, 707.107)), 3)  # Chopra and Meindl, ch. 12, B&M: 90%
    0.9
    """
    sigma = np.asarray(sigma, dtype=float)
    return np.where(sigma > 0, ndtr(np.asarray(safety_stock) / np.where(sigma > 0, sigma, 1.0)), 1.0)
