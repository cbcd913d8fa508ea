"""The little CSS for what no setting of Streamlit reaches, put on each page by one `st.html` that takes no space.

It covers: side padding and width, tabular figures, heading space in cards, KPI padding, the text of primary
buttons in dark, our own tables and cards, and print. It names only our own classes, keys and test ids, never the
class names Streamlit generates. Colours come from sop.ui.frame.tokens as `light-dark()` pairs, so the page
follows a switch of theme by itself; `color-scheme` on the root tells dialogs, which live outside the app element.

Two prefixes of container keys mean something here: `kpi_…` is a tight card (KPI, small multiple), `card_…` a panel
that print keeps on one page.

A `:has()` of what stands anywhere inside, or whose own element may be any, is asked again by the browser at each
change of a page: on pages with sliders or many cards take a key instead.
"""

import streamlit as st

from sop.ui.frame.tokens import DARK, LIGHT, TOKEN_NAMES, Theme

_RULES = """
.stMainBlockContainer{padding-left:24px;padding-right:24px;max-width:1720px}
.st-key-first_screen{display:grid;gap:12px;grid-template:"bridge range" "decisions decisions"/1fr 1fr}
.st-key-first_screen>*{width:auto!important;min-width:0}
.st-key-first_screen>:has(.st-key-card_bridge){grid-area:bridge}
.st-key-first_screen>:has(.st-key-card_outlook){grid-area:range}
.st-key-first_screen>:has(.st-key-card_decisions){grid-area:decisions}
@media (min-width:1381px){.st-key-first_screen>*{align-self:stretch}}
[class*=st-key-card_]{gap:10px;padding:10px 14px}
[data-testid=stMainBlockContainer]>[data-testid=stVerticalBlock]{gap:10px}
.st-key-card_decisions>[data-testid=stElementContainer]+[data-testid=stLayoutWrapper]{margin-top:0!important}
.st-key-context{gap:8px}
.sop-go{color:inherit;text-decoration:none}.sop-go:is(:hover,:focus-visible){text-decoration:underline}
.stApp{font-variant-numeric:tabular-nums}
[data-testid=stHeading] :is(h1,h2,h3){padding-top:0;padding-bottom:4px;text-wrap:pretty}
[data-testid=stHeading] h1{padding-bottom:12px}
[data-testid=stVerticalBlock]>[data-testid=stElementContainer]:has(>[data-testid=stHeading] :is(h2,h3))
+:is([data-testid=stLayoutWrapper],[data-testid=stElementContainer]:not(:has(>.stHtml))){margin-top:8px}
[data-testid=stMain] [data-testid=stPageLink-NavLink] :is(span,div,p){white-space:normal;line-height:1.5}
[class*=st-key-kpi_]{padding:9px;gap:2px;break-inside:avoid;position:relative;container-type:inline-size}
[class*=st-key-kpi_] [data-testid=stMarkdownContainer]{margin-bottom:0}
[class*=st-key-explain_card]{position:absolute;top:2px;right:2px;width:auto;opacity:.7}
[class*=st-key-explain_card] [data-testid=stMarkdownContainer]{position:absolute;clip-path:inset(50%)}
:is([data-testid^=stBaseButton-primary],[data-testid=stPopoverButton][kind=primary]):enabled{color:var(--bg)}
[data-testid=stMultiSelect] span[title]{color:var(--bg)}
[data-testid=stLayoutWrapper]:has(>.st-key-refused){position:sticky;top:60px;z-index:99}
.st-key-refused{background:var(--bg)}
.sop-grey{color:var(--mute);font-size:12px;line-height:17px;margin:0}
[class*=st-key-card_] .stHtml>p{margin-top:0;margin-bottom:0}
.sop-good{color:var(--good)}.sop-bad{color:var(--bad)}.sop-neutral{color:var(--mute)}
.sop-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.sop-kpi h2,h2.sop-small{font-size:13px;font-weight:600;padding:0;margin:0}
.sop-kpi p{margin:0;white-space:nowrap;line-height:17px;font-size:12px}
.sop-kpi .value{font-size:24px;line-height:30px;font-weight:600}
.sop-kpi small,.sop-kpi .change>span:last-child{color:var(--mute);font-size:12px;font-weight:400}
.sop-kpi .change>span:first-child{display:inline-block;min-width:42px;font-weight:600}
.sop-kpi p,.sop-kpi h2{overflow:hidden;text-overflow:ellipsis}
.sop-cards{display:grid;gap:7px;--each:max(92px,(100% - (var(--cards) - 1)*7px)/var(--cards))}
.sop-cards{grid-template-columns:repeat(auto-fit,minmax(var(--each),1fr))}
.sop-cards>div{display:grid;container-type:inline-size;border:1px solid var(--line);border-radius:4px;padding:9px}
@container (max-width:115px){
.sop-kpi .value{line-height:24px;font-size:20px}.sop-kpi .value small{display:block;line-height:14px}
.sop-kpi h2{white-space:nowrap;font-size:12px;letter-spacing:-.4px}
.sop-kpi .change{font-size:11px;letter-spacing:-.2px}.sop-kpi .change>span:last-child{font-size:11px}
.sop-kpi .change>span:first-child{min-width:0}
.sop-kpi .change:not(:has(span)){white-space:normal}
}
i[aria-hidden]{font-style:normal;font-size:.8em;vertical-align:.06em}
.sop-legend{color:var(--mute);font-size:12px;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0}
.sop-legend i{display:inline-block;width:18px;height:9px;margin-right:5px}
.sop-legend .line{height:0;border-top:2px solid;vertical-align:.25em}
.sop-legend .solid{background:currentColor}
.sop-legend .hatched{border:1px solid}
.sop-legend .hatched{background:repeating-linear-gradient(transparent 0 1.5px,currentColor 1.5px 2.5px)}
.sop-legend .dotted{border-top-style:dotted}.sop-legend .dashed{border-top-style:dashed}
.sop-scroll{overflow-x:auto;scrollbar-width:thin;background:
linear-gradient(90deg,transparent,var(--bg) 60%) right/28px 100% no-repeat local,
linear-gradient(90deg,transparent,var(--line)) right/14px 100% no-repeat scroll}
@keyframes sop-cut{
from,99%{mask-image:linear-gradient(90deg,#000 calc(100% - 32px),transparent)}to{mask-image:none}
}
@supports (animation-timeline:scroll(self inline)){
.sop-scroll{background:none;animation:sop-cut linear both;animation-timeline:scroll(self inline)}
}
.sop-scroll.framed{border:1px solid var(--line);border-radius:4px}
.sop-scroll table{border-collapse:separate;border-spacing:0;width:100%;margin:0;color:var(--ink);font-size:13px}
.sop-scroll :is(th,td){border:0;border-bottom:1px solid var(--line);padding:4px 8px}
.sop-scroll :is(th,td){text-align:left;font-weight:400}
.sop-scroll .n,.sop-sheet td{text-align:right;white-space:nowrap}
.sop-table thead .n,.sop-sheet thead .n.q{white-space:normal}
.sop-table :is(th,td):first-child{min-width:7.5rem}
.sop-table .short{white-space:nowrap}.sop-table :is(th,td).long{min-width:9.5rem;overflow-wrap:anywhere}
.sop-scroll thead :is(th,td){color:var(--mute);font-size:12px;vertical-align:bottom}
.sop-scroll thead tr:last-child :is(th,td){border-bottom-color:var(--mute)}
.sop-scroll.tall{max-height:70vh;overflow-y:auto}
.sop-scroll.tall thead :is(th,td){position:sticky;top:0;z-index:1;background:var(--bg)}
.sop-table small{display:block;color:var(--mute);font-size:12px}
.sop-table .selected :is(th,td){background:var(--soft)}
.sop-table td:has(.sop-bar){white-space:nowrap}
.sop-bar{display:inline-block;height:8px;margin-right:7px;width:calc(var(--share)*60%);background:var(--ac)}
.sop-sheet :is(th,td){padding:0 7px;height:23px;font-size:12px;white-space:nowrap}
.sop-sheet :is(th,td):first-child{position:sticky;left:0;background:var(--bg)}
.sop-sheet tbody th:first-child{white-space:normal;min-width:110px;max-width:150px;line-height:1.25}
.sop-sheet :is(th,td):first-child{z-index:1;border-right:1px solid var(--line)}
.sop-sheet .past,.sop-sheet .block :is(th,td):is(th,td){background:var(--soft)}
.sop-sheet :is(th,td).now{border-left:2px solid var(--acc)}
.sop-sheet :is(th,td).q{border-left:1px solid var(--line)}
@media (max-width:1400px){.sop-sheet :is(th,td){padding:0 4px}}
.sop-sheet .strong :is(th,td),.sop-sheet .block th{font-weight:600}
.sop-sheet tbody:last-child tr:last-child :is(th,td){border-bottom:0}
.sop-decision{display:grid;grid-template-columns:18px 5.1fr 2.5fr repeat(4,minmax(0,1fr)) .9fr .6fr 1.1fr}
.sop-decision{gap:0 12px;font-size:13px;align-items:center;min-height:34px}
.sop-decision>*{min-width:0}
.sop-decision small{display:block;color:var(--mute);font-size:12px}
.sop-decision>.n{text-align:right}
.sop-decision>:is(:first-child,:last-child){color:var(--mute)}
.sop-decision.head{align-items:end;color:var(--mute);font-size:12px}
.sop-decision.head{border-bottom:1px solid var(--mute);padding-bottom:4px}
.sop-marks{position:relative;height:14px;margin:-10px 6px 12px;color:var(--mute);font-size:11px;line-height:12px}
.sop-marks{pointer-events:none}
.sop-marks i{position:absolute;left:var(--at);width:1px;height:4px;background:var(--mute)}
.sop-marks span{position:absolute;top:4px;left:var(--at);translate:calc(-1*var(--at));white-space:nowrap}
.st-key-bench>*>*>[data-testid=stColumn]:first-child>[data-testid=stVerticalBlock]{height:100%}
[data-testid=stLayoutWrapper]:has(>.st-key-slider_rail){position:sticky;top:68px}
.st-key-slider_rail{max-height:calc(100vh - 84px);overflow:hidden auto;flex-wrap:nowrap}
.st-key-slider_rail{overscroll-behavior:contain}
.st-key-slider_rail>*{flex-shrink:0}
.st-key-live,.st-key-keys{position:absolute}
[data-testid=stCaptionContainer]{opacity:1}[data-testid=stCaptionContainer] :is(p,code){color:var(--mute)}
.stApp abbr[title]{text-decoration:underline dotted var(--line);text-underline-offset:3px;cursor:help}
.sop-skip{position:fixed;left:8px;top:-60px;z-index:1000000;background:var(--bg);color:var(--acc);padding:8px 12px}
.sop-skip:focus{top:8px}
.sop-keys{border:1px solid var(--line);border-radius:4px;background:var(--bg);color:var(--ink);columns:2;gap:24px}
.sop-keys p{margin:0;font-size:13px;line-height:24px}.sop-keys kbd{display:inline-block;min-width:36px}
[data-testid=stElementToolbar]{visibility:hidden}
:is(:hover,:focus-within)>[data-testid=stElementToolbar]{visibility:visible}
@media (max-width:1380px){
.st-key-first_screen{grid-template:"bridge decisions" "range range"/minmax(0,5fr) minmax(0,9fr)}
.st-key-first_screen .sop-decision{grid-template-columns:14px 2.7fr 1.6fr repeat(2,minmax(0,1fr)) 1fr}
.st-key-first_screen .sop-decision>:is(:nth-child(5),:nth-child(7),:nth-child(9),:nth-child(10)){display:none}
}
@media (min-width:641px) and (max-width:1380px){
.st-key-card_decisions [data-testid=stHorizontalBlock]:has(>[data-testid=stColumn]){flex-wrap:nowrap}
.st-key-card_decisions [data-testid=stColumn]{min-width:0}
.st-key-card_decisions [data-testid=stColumn]:last-child{min-width:98px}
}
@media (max-width:900px){.st-key-first_screen{grid-template:"bridge" "decisions" "range"/1fr}}
@media (max-width:640px){
.st-key-first_screen .sop-decision{grid-template-columns:14px repeat(3,1fr);align-items:start;padding-top:6px}
.st-key-first_screen .sop-decision.head{display:none}
.sop-decision>:is(:nth-child(2),:nth-child(3)){grid-column:2/-1}
.sop-decision>:nth-child(4){grid-column-start:2}
.sop-decision>:is(.n,:nth-child(8)){text-align:left}
.sop-decision .sop-hidden{position:static;display:block;width:auto;height:auto;clip-path:none;color:var(--mute)}
.sop-decision>:is(:nth-child(1),:nth-child(2),:nth-child(3)) .sop-hidden{display:none}
.st-key-slider_rail{max-height:none}
.st-key-bench>*>[data-testid=stHorizontalBlock]{flex-direction:column-reverse;flex-wrap:nowrap}
}
.sop-paper,.st-key-context>:has(.sop-paper){display:none}
.sop-here{color:var(--mute);font-size:12px}
@media print{
:root,.stApp{color-scheme:light!important}
[data-testid=stHeader],[data-testid=stToolbar],button,.sop-skip,.sop-here{display:none!important}
[data-testid=stExpander]:has(>details:not([open])),[data-testid=stPopover]{display:none!important}
.stApp{zoom:.71;position:static!important}
.stMainBlockContainer{padding:0;max-width:none}
.sop-paper,.st-key-context>:has(.sop-paper){display:inline;color:var(--mute)}
.st-key-first_screen{grid-template:"bridge range" "decisions decisions"/1fr 1fr!important;break-after:page}
[data-testid=stVegaLiteChart] svg{max-width:100%;height:auto}
[class*=st-key-card_],[data-testid=stVegaLiteChart],.sop-kpi,tr{break-inside:avoid}
[data-testid=stHeading]{break-after:avoid}
.sop-scroll,.sop-scroll.tall{overflow:visible;max-height:none}
@page{size:A4 landscape;margin:10mm}
}
"""


_DARK_ON_PAPER = """
@media print{
html,body,.stApp,.stApp :is([data-testid],[data-baseweb] *,[data-testid=stSelectbox] *,.stMarkdownBadge)
{background-color:transparent!important}
.stApp,.stApp :is(h1,h2,h3,[data-testid],[data-baseweb] *,[data-testid=stSelectbox] *,.stMarkdownBadge)
{color:var(--ink)!important;border-color:var(--line)}
[data-testid=stVegaLiteChart] svg{filter:invert(1) hue-rotate(180deg) brightness(1.12)}
}
"""
"""Paper is light: our own colours follow `color-scheme`; Streamlit's text and the dark charts are turned."""


def page_css(theme: Theme) -> str:
    """The style element of a page, its colours as pairs and its colour scheme that of `theme`."""
    pairs = ";".join(f"--{name}:light-dark({getattr(LIGHT, name)},{getattr(DARK, name)})" for name in TOKEN_NAMES)
    paper = _DARK_ON_PAPER if theme == "dark" else ""
    return f"<style>:root{{color-scheme:{theme};{pairs}}}{_RULES}{paper}</style>"


_HERE = (
    "[data-testid=stTopNav]>:nth-child({place})>[data-testid=stTopNavSection]"
    "{{background:var(--soft);font-weight:600;color:var(--ink)}}"
    "[data-testid=stTopNav]>:nth-child({place})>[data-testid=stTopNavSection] p::after{{content:': {title}'}}"
)


def show_here(place: int, title: str) -> None:
    """Mark the group on top, counted from 1 among its entries, that holds the page of this title."""
    st.html(f"<style>{_HERE.format(place=place, title=title)}</style>")


_LARGE = "@media screen and (min-width:1800px){.stApp{zoom:1.25}.stMainBlockContainer{max-width:none}}"


def show_large_type() -> None:
    """Larger type, and all that goes with it, on the wide screen of a meeting room."""
    st.html(f"<style>{_LARGE}</style>")


def show_style(theme: Theme) -> None:
    """Put the style on the page; call it once per run, before anything is drawn."""
    st.html(page_css(theme))
