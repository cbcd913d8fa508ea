"""Every rule that a file is held to, in the order in which findings are listed.

A rule is a function from a `Subject` to findings with its sentence as docstring, or a `RowRule` that says it.
"""

from sop.intake.rules.cells import CELLS
from sop.intake.rules.figures import FIGURES
from sop.intake.rules.months import MONTHS
from sop.intake.rules.names import NAMES
from sop.intake.rules.sheet_lines import SHEET_LINES

RULES = (*CELLS, *MONTHS, *NAMES, *FIGURES, *SHEET_LINES)
