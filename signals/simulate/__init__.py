"""A seeded simulator: a city's reports with planted incidents and decoys, and the truth about them."""

from signals.simulate.simulation import SimulationSettings, simulate
from signals.simulate.truth import Truth
from signals.simulate.wording import Wording

__all__ = ["SimulationSettings", "Truth", "Wording", "simulate"]
