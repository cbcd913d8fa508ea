"""The colours are readable in both themes, and Streamlit's theme and ours are one."""

import tomllib
from pathlib import Path

import pytest

from sop.ui.frame.style import page_css
from sop.ui.frame.tokens import DARK, LIGHT, SHADES, TOKEN_NAMES, Palette, Theme, palette

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEMES: list[Theme] = ["light", "dark"]


def test_contrast_of_black_on_white_is_21_and_of_a_colour_on_itself_1() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#1F5A96", "#1F5A96") == 1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", ["ink", "mute", "ac", "acc", "good", "bad"])
def test_every_text_colour_is_readable_on_page_and_on_soft_ground(theme: Theme, token: str) -> None:
    colours = palette(theme)
    assert contrast(getattr(colours, token), colours.bg) >= 4.5
    assert contrast(getattr(colours, token), colours.soft) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_text_of_a_primary_button_is_readable(theme: Theme) -> None:
    assert contrast(palette(theme).bg, palette(theme).acc) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_neighbours_in_a_stack_of_terms_never_share_a_colour(theme: Theme) -> None:
    shades = [getattr(palette(theme), token) for token in SHADES]
    assert len(set(shades)) == len(shades)
    assert not {palette(theme).good, palette(theme).bad} & set(shades)


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_the_theme_of_streamlit_repeats_the_tokens(theme: str, colours: Palette) -> None:
    section = CONFIG["theme"][theme]
    tokens = {
        "primaryColor": colours.acc,
        "linkColor": colours.acc,
        "backgroundColor": colours.bg,
        "secondaryBackgroundColor": colours.soft,
        "dataframeHeaderBackgroundColor": colours.soft,
        "textColor": colours.ink,
        "borderColor": colours.line,
        "greenColor": colours.good,
        "redColor": colours.bad,
        "grayColor": colours.mute,
    }
    assert section == tokens


@pytest.mark.parametrize("theme", THEMES)
def test_the_css_carries_every_token_and_no_generated_class_name(theme: Theme) -> None:
    css = page_css(theme)
    assert all(f"--{name}:light-dark({getattr(LIGHT, name)},{getattr(DARK, name)})" in css for name in TOKEN_NAMES)
    assert f"color-scheme:{theme}" in css
    assert "emotion" not in css
    assert css.count("{") == css.count("}")


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two #RRGGBB colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
