"""Every number as text, in one place: what a planner reads is decided here and nowhere else.

Rules: a missing value is an en dash and never 0; halves round up; minus is U+2212; a difference always carries its
sign, is ±0 when there is none, and one that rounds to nothing is told as 'under 0.1'; percent is a fraction and
money integer minor units (cents) inside; money shows in the scale of the company: the largest figure of a view has
three or four digits. How thousands part, which sign stands before decimals, where a currency's sign stands and how
days are written follows the company's style (`STYLES`), as ISO here:

    number(3227) '3 227'          signed(-1.4, 1) '−1.4'         percent(0.62) '62%'
    MoneyFormat("EUR").text(6_120_000_000) '61.2'          MoneyFormat("EUR").unit 'M€'
    money_format("USD", 418_000_000_000).labelled(418_000_000_000) '4.18 bn$'
    effect(signed_text, more_is_good) 'good' | 'bad' | 'neutral'    arrow(signed_text) '▲' | '▼' | '■'
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

MoneyScale = Literal["bn", "M", "k", ""]
Effect = Literal["good", "bad", "neutral"]
Number = int | float | None

MISSING = "–"
NOISE = 1e-9
_MOST_EXACT = 1e15
"""Beyond this a float holds no part of a unit."""
SMALL = 10
"""Below this a quantity that is not whole is told with decimals."""
MINUS = "\u2212"
THIN_SPACE = "\u202f"
SCALES: dict[MoneyScale, int] = {"bn": 1_000_000_000, "M": 1_000_000, "k": 1_000, "": 1}
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "KRW": "₩", "BRL": "R$"}


@dataclass(frozen=True)
class NumberStyle:
    """How a company writes figures: the sign between thousands, that before decimals, that after a percentage.

    `sign_first`: a currency's sign stands before its figure. `day`: the parts of a day in their order.
    """

    key: str
    title: str
    thousands: str
    decimal: str
    percent: str
    sign_first: bool
    day: str


STYLES: dict[str, NumberStyle] = {
    style.key: style
    for style in (
        NumberStyle("iso", "International (ISO)", THIN_SPACE, ".", "%", False, "{year}-{month}-{day}"),
        NumberStyle("german", "German", ".", ",", f"{THIN_SPACE}%", False, "{day}.{month}.{year}"),
        NumberStyle("swiss", "Swiss", "’", ".", "%", False, "{day}.{month}.{year}"),
        NumberStyle("us", "US", ",", ".", "%", True, "{month}/{day}/{year}"),
        NumberStyle("british", "British", ",", ".", "%", True, "{day}/{month}/{year}"),
    )
}
ISO = STYLES["iso"]
_chosen: list[NumberStyle] = [ISO]
_held: ContextVar[NumberStyle | None] = ContextVar("held_number_style", default=None)


def use_style(key: str) -> None:
    """Write figures from now on as a company does, in all of this process: it serves one company.

    One that is not known, of a newer version's workspace, is ISO.
    """
    _chosen[0] = STYLES.get(key, ISO)


def current_style() -> NumberStyle:
    """How figures are written now."""
    return _held.get() or _chosen[0]


@contextmanager
def held_style(key: str = ISO.key) -> Iterator[None]:
    """Write figures in one style whatever the company's is: what is signed has the same bytes everywhere."""
    token = _held.set(STYLES[key])
    try:
        yield
    finally:
        _held.reset(token)


def day_text(day: str) -> str:
    """A day or a moment, given as ISO text, by its day: '2026-12-01T09:30' → '2026-12-01' or '01.12.2026'.

    An empty text stays empty.
    """
    if not day:
        return ""
    year, month, rest = day[:10].split("-")
    return current_style().day.format(year=year, month=month, day=rest)


def moment_text(at: str) -> str:
    """A moment, given as UTC text, to the minute: '2026-12-01 09:30 UTC'."""
    return f"{day_text(at)} {at[11:16]} UTC"


def sample_text(currency: str) -> str:
    """What figures look like now: a quantity, an amount, a difference, a share and a day."""
    amount = MoneyFormat(currency).labelled(6_120_000_000)
    return " · ".join((number(12_345.6, 1), amount, signed(-1.4, 1), percent(0.62), day_text("2026-01-31")))


def is_missing(value: Number) -> bool:
    """Whether there is no figure: None, NaN or an infinity."""
    return value is None or not math.isfinite(value)


def how_many(count: int | float | str, plural: str, verb: str = "") -> str:
    """A count with what is counted, and with the verb that follows: one of it is told as one.

    `count` may be a number or its text. Only the last word of `plural` changes.
    >>> how_many(1, "closed months", "are"), how_many("3", "families", "have"), how_many(1, "people")
    ('1 closed month is', '3 families have', '1 person')
    """
    counted = _one_of(plural) if _is_one(count) else plural
    return " ".join(filter(None, (str(count), counted, does(count, verb))))


def does(count: int | float | str, verb: str) -> str:
    """A verb of many as it follows a count, for where it does not stand beside what is counted.

    >>> does(1, "are"), does(3, "have"), does("1", "wait")
    ('is', 'have', 'waits')
    """
    return _ONE_DOES.get(verb, f"{verb}s") if verb and _is_one(count) else verb


def _is_one(count: int | float | str) -> bool:
    return str(count).lstrip(f"+±{MINUS}-") == "1"


_ONE_DOES = {"are": "is", "have": "has", "were": "was", "do": "does"}
_ONE_OF = (
    ("people", "person"),
    ("series", "series"),
    ("ies", "y"),
    ("ches", "ch"),
    ("xes", "x"),
    ("ss", "ss"),
    ("s", ""),
)
"""Ends of plurals, and what one is called."""


def _one_of(plural: str) -> str:
    """'closed months' → 'closed month', 'other families' → 'other family', 'people' → 'person'."""
    end, one = next(((end, one) for end, one in _ONE_OF if plural.endswith(end)), ("", ""))
    return plural.removesuffix(end) + one


def number(value: Number, decimals: int = 0) -> str:
    """A plain figure, such as '3 227' or '−0.4'; a negative that rounds to nothing is '0'."""
    if value is None or is_missing(value):
        return MISSING
    text = _in_style(f"{_rounded(abs(value), decimals):,.{decimals}f}")
    return MINUS + text if value < 0 and _has_digits(text) else text


def exact_number(value: float, digits: int = 10) -> str:
    """A figure with as many decimals as it has, so many digits at most: '1 234.5', '−0.02'."""
    text = _in_style(f"{abs(value):,.{digits}g}")
    return MINUS + text if value < 0 else text


def _in_style(text: str) -> str:
    style = current_style()
    whole, point, part = text.partition(".")
    return whole.replace(",", style.thousands) + (style.decimal + part if point else "")


def _rounded(value: float, decimals: int) -> Decimal | float:
    """A figure rounded as by hand, halves up, by its shortest decimal text: 0.5 is 1, 1.005 is 1.01."""
    if value >= _MOST_EXACT:
        return value
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def unit_decimals(value: Number) -> int:
    """The decimals of a small quantity that is not whole, as of what is sold by the tonne: 0.4, 0.25, 2.6."""
    if value is None or is_missing(value) or abs(value) >= SMALL or abs(value - round(value)) < NOISE:
        return 0
    if abs(value) >= 1:
        return 1
    return next((places for places in (1, 2) if abs(round(value, places) - value) <= abs(value) / 20), 3)


def signed(value: Number, decimals: int = 0) -> str:
    """A difference, always with its sign: '+12', '−12', '±0' for none and 'under 1' when it rounds to nothing."""
    text = number(value, decimals)
    if text == MISSING or text.startswith(MINUS):
        return text
    if _has_digits(text):
        return "+" + text
    # What floats leave of an exact zero is no difference.
    return f"under {number(10**-decimals, decimals)}" if abs(value or 0) > NOISE else "±" + text


def _has_digits(text: str) -> bool:
    return any(character in "123456789" for character in text)


def effect(signed_text: str, more_is_good: bool | None) -> Effect:
    """The business effect of a difference as the reader sees it, so that colour never contradicts the figure.

    `more_is_good` is False for inventory, lead time, cost; None where neither direction is good.
    """
    if more_is_good is None or signed_text[:1] not in ("+", MINUS):
        return "neutral"
    return "good" if (signed_text[0] == "+") == more_is_good else "bad"


def arrow(signed_text: str) -> str:
    """The direction of a difference: ▲ up, ▼ down, ■ none; empty where the difference is missing."""
    if signed_text == MISSING:
        return ""
    return {"+": "▲", MINUS: "▼"}.get(signed_text[:1], "■")


def percent(fraction: Number, decimals: int = 0) -> str:
    """A fraction as percent with its sign, such as '62%'."""
    return MISSING if is_missing(fraction) else percent_number(fraction, decimals) + current_style().percent


def percent_number(fraction: Number, decimals: int = 0) -> str:
    """A fraction as percent without the sign, for a column whose header says '%'."""
    return number(_hundredfold(fraction), decimals)


def percent_signed(fraction: Number, decimals: int = 0) -> str:
    """A difference as percent with both signs, such as '+5%'."""
    return MISSING if is_missing(fraction) else signed(_hundredfold(fraction), decimals) + current_style().percent


def points_signed(fraction_difference: Number, decimals: int = 1) -> str:
    """A difference of two fractions in percentage points, such as '−0.4'."""
    return signed(_hundredfold(fraction_difference), decimals)


def _hundredfold(fraction: Number) -> Number:
    # Rounded at the 12th place, because 0.145 * 100 is 14.499999999999998 and would show as 14.
    return None if fraction is None or is_missing(fraction) else round(fraction * 100, 12)


@dataclass(frozen=True)
class MoneyFormat:
    """How a view shows money: its currency, its scale, and the decimals of a headline in it.

    `minor_per_unit` is the number of minor units in one unit of the currency: 100 cents, or 1 for yen. Where the
    plan shown is in units because no price is `known`, every amount is missing.
    """

    currency: str = "EUR"
    scale: MoneyScale = "M"
    minor_per_unit: int = 100
    decimals: int = 1
    known: bool = True

    @property
    def symbol(self) -> str:
        """The currency's sign, or its code where it has none here."""
        return SYMBOLS.get(self.currency, self.currency) if self.known else "money"

    @property
    def unit(self) -> str:
        """The unit for a title or header, once per label: 'M€', or '€M' where signs stand first."""
        if not self.known:
            return "money"
        return self.symbol + self.scale if self._before else self.scale + self.symbol

    @property
    def _before(self) -> bool:
        """Whether the sign stands before a figure; codes of letters stay behind."""
        return current_style().sign_first and not self.symbol.isalpha()

    def _with_unit(self, text: str, scale: str) -> str:
        """A figure with scale and sign: '61.2 M€', '−$61.2M', 'under $0.1M'."""
        if not self._before:
            return f"{text} {scale}{self.symbol}"
        start = next((at for at, letter in enumerate(text) if letter.isdigit()), 0)
        return f"{text[:start]}{self.symbol}{text[start:]}{scale}"

    @property
    def minor_per_scale(self) -> int:
        """Minor units in one shown unit: 100 000 000 cents in one M€."""
        return self.minor_per_unit * SCALES[self.scale]

    def places(self, decimals: int = 1) -> int:
        """Decimals in this scale of what millions show with so many: one in a headline, two in detail."""
        return max(0, self.decimals + decimals - 1)

    def value(self, minor: Number) -> float | None:
        """Minor units as a figure in the shown unit, for charts; None where missing."""
        return None if minor is None or is_missing(minor) or not self.known else minor / self.minor_per_scale

    def values(self, minors: Iterable[Number]) -> list[float | None]:
        """A row of minor units as figures in the shown unit, for charts."""
        return [self.value(minor) for minor in minors]

    def text(self, minor: Number, decimals: int = 1) -> str:
        """Minor units as text without the unit: '61.2'. Decisions use 2 decimals."""
        return number(self.value(minor), self.places(decimals))

    def signed(self, minor: Number, decimals: int = 1) -> str:
        """A difference of money without the unit: '−1.4'."""
        return signed(self.value(minor), self.places(decimals))

    def labelled(self, minor: Number, decimals: int = 1) -> str:
        """Minor units with the unit, for a sentence: '61.2 M€'."""
        text = self.text(minor, decimals)
        return text if text == MISSING else self._with_unit(text, self.scale)

    def words(self, minor: Number) -> str:
        """Money with its unit in a sentence: one decimal from 10 on, else two; never a false zero."""
        value = self.value(minor)
        places = self.places(1 if value is not None and abs(value) >= 10 else 2)
        text = number(value, places)
        if value and abs(value) > NOISE and not _has_digits(text):
            text = f"under {number(10**-places, places)}"
        return text if text == MISSING else self._with_unit(text, self.scale)

    def exact(self, minor: Number) -> str:
        """Money where a small one decides, as at the gate: as `words`, but whole units of the currency for what is
        too small to be shown in this scale: '0.26 M€', '−2 €'."""
        value = self.value(minor)
        too_small = bool(value) and abs(value or 0.0) < 0.5 * 10.0 ** -self.places(2)
        return self.full(minor) if too_small else self.words(minor)

    def full(self, minor: Number, decimals: int = 0) -> str:
        """Small money in whole units of the currency, such as what one hour is worth: '148 €'."""
        if minor is None or is_missing(minor) or not self.known:
            return MISSING
        return self._with_unit(number(minor / self.minor_per_unit, decimals), "")


def money_format(currency: str, *figures: Number, minor_per_unit: int = 100) -> MoneyFormat:
    """The scale in which the largest of a view's figures shows three or four digits: 60.0 M€, 812 k€, 4.18 bn$."""
    known = [abs(figure) for figure in figures if figure is not None and not is_missing(figure)]
    largest = max(known, default=0.0) / minor_per_unit
    if not largest:
        return MoneyFormat(currency, minor_per_unit=minor_per_unit)
    scale: MoneyScale = next((scale for scale, size in SCALES.items() if largest >= size), "")
    decimals = max(0, 3 - len(f"{largest / SCALES[scale]:.0f}")) if scale else 0
    return MoneyFormat(currency, scale, minor_per_unit, decimals)
