"""Text is text: what people, files and companies are called never becomes markup on a screen.

Streamlit reads Markdown in titles, labels, toasts, errors and captions. Whatever goes there and is not wholly our
own passes `literal`; HTML of our own escapes in `sop.ui.kit`. What neither catches, the browser refuses to load:
the guard in front of the screens tells it to.
"""

from __future__ import annotations

import re

_MARKS = re.compile(
    r"[\\`*\[\]$~<]"  # code, emphasis, links and pictures, formulas, strikes, HTML
    r"|(?<!\w)_|_(?!\w)"  # emphasis; within a word it is none
    r"|:(?=[a-z/])|(?<=www)\.|(?<=\w)@(?=\w)"  # addresses that become links by themselves, icons by name
    r"|^[#>+=-]",  # headings, quotes, lists
    re.MULTILINE | re.IGNORECASE,
)


def literal(text: object) -> str:
    """Text for a place where Streamlit reads Markdown: 'M$' stays money and a name's * stays a star.

    >>> literal("[Sol](http://evil.example) *5 M$* of sales_actuals")
    '\\\\[Sol\\\\](http\\\\://evil.example) \\\\*5 M\\\\$\\\\* of sales_actuals'
    """
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", str(text))
