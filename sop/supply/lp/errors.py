"""What may go wrong in the supply plan, each cause with its own class."""

from __future__ import annotations

from sop.core.errors import BadInput, SopError


class SupplyInputError(BadInput):
    """A field of the supply problem cannot be read."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what, where=f"supply problem, {name}", remedy="Correct the table it comes from")


class SolverError(SopError):
    """The optimiser returned no optimum."""

    def __init__(self, status: str) -> None:
        super().__init__(
            f"the optimiser returned no plan (status: {status})",
            where="supply plan",
            why="every limit has a price, so this points to numbers too large or too small to compute with",
            remedy="Check units of hours, quantities and prices in the supply tables",
        )


class NoRefinedPlan(SopError):
    """No plan in whole numbers was found before the run ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            "no plan in whole numbers was found before the run was stopped",
            where="refine",
            why=f"it was given {seconds:g} seconds at most",
            remedy="Allow more time, or relax lots, shifts or bounds on people",
        )


class NotExpressible(SupplyInputError):
    """A problem asks for something that this model does not plan."""

    def __init__(self, feature: str, why: str, remedy: str) -> None:
        SopError.__init__(
            self,
            f"{feature.replace('_', ' ')} cannot be planned here",
            where="supply problem",
            why=why,
            remedy=remedy,
        )
