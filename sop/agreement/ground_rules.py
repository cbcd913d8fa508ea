"""Ground rules: who must sign, how many signatures make a plan agreed, and who may edit after the cut-off."""

from dataclasses import dataclass, field, replace

from sop.core.errors import BadInput
from sop.core.terms import Function

MODES = {"ceo": "The CEO chairs and signs with every function", "coalition": "A coalition decides by quorum"}
LATE_EDITS = {
    "chair": "Only decisions and the CEO change the working plan",
    "owners": "Owners still change what they own",
}


@dataclass(frozen=True)
class GroundRules:
    """Who must sign: `functions` in CEO mode all with the CEO; in coalition mode a quorum of the named ones.

    `late_edits`: who changes the working plan after the cycle's cut-off.
    """

    mode: str = "ceo"
    functions: tuple[str, ...] = field(default_factory=lambda: tuple(function.value for function in Function))
    quorum: int = 0
    late_edits: str = "chair"

    @property
    def required(self) -> tuple[str, ...]:
        """Functions that are asked to sign; where the CEO chairs, the CEO is always one of them."""
        chair = (Function.CEO.value,) if self.mode == "ceo" else ()
        return tuple(dict.fromkeys((*self.functions, *chair)))

    @property
    def needed(self) -> int:
        """Signatures without dissent that make a plan agreed: a coalition's quorum, else all that are required."""
        quorum = self.quorum if self.mode != "ceo" else 0
        return quorum or len(self.required)


def checked_rules(rules: GroundRules) -> GroundRules:
    """Rules with functions in order, no quorum where the CEO chairs. Raises BadInput if nobody can meet them."""
    functions = tuple(function.value for function in Function if function.value in rules.functions)
    if rules.mode not in MODES:
        raise BadInput(f"'{rules.mode}' is no way to decide", remedy=f"Choose {' or '.join(MODES)}")
    if rules.late_edits not in LATE_EDITS:
        raise BadInput(
            f"'{rules.late_edits}' is no rule for late edits", remedy=f"Choose {' or '.join(LATE_EDITS)}"
        )
    if not functions:
        raise BadInput("nobody would have to sign", remedy="Choose at least one function")
    if rules.mode == "ceo":
        return replace(rules, functions=functions, quorum=0)
    if not 1 <= rules.quorum <= len(functions):
        raise BadInput(
            f"a quorum of {rules.quorum} among {len(functions)} functions",
            remedy=f"Choose between 1 and {len(functions)}",
        )
    return replace(rules, functions=functions)
