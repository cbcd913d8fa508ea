"""Every chart of the app. Call `show_chart(chart_…(…), key)`; charts know no theme and no product record.

Series are as long as `months` (labels such as 'Dec 26', from sop.core.format), None where there is no figure, in
the unit shown on screen (M€, units, hours); fractions only where said. `alt` states the chart's message.

    chart_kpi_columns(months, actual, plan, agreed, *, alt)
    chart_kpi_line(months, actual, plan, agreed, *, alt)
    chart_bridge(start=(name, figure), changes=[(cause, figure)], end=name, *, budget, more_is_good, decimals, alt)
    chart_fan(months, actual, plan, agreed, budget, bands: Bands, *, plan_name, decimals, zero, alt)
    chart_load(months, actual, planned, capacity, utilisation, not_made, *, capacity_label, alt)
    chart_small_columns(months, scenario, agreed, *, domain, decimals, alt)
    chart_small_line(months, scenario, agreed, *, domain, limit, decimals, name, alt)
    chart_strip(items: [StripItem], *, today, alt)
    chart_plan(months, actual, plan, agreed, prior_year, budget, *, decimals, alt)
    chart_variance(months, difference, *, more_is_good, decimals, alt)
    chart_pair(months, first, second, *, names, zero, decimals, alt)
    chart_stock(months, actual, plan, agreed, target_low, target_high, *, limit, decimals, alt)
    chart_tornado(levers: [Lever], *, more_is_good, decimals, alt)
    chart_terms(months, terms={name: series}, total, *, alt)
    chart_indicator(months, values, *, below, above, decimals, alt)
    chart_categories(labels, values, *, measure, reference, reference_name, decimals, alt)
    chart_streams(buckets, streams={name: series}, *, decimals, alt)
    chart_intervals(labels, values, low, high, *, measure, more_is_good, decimals, alt)
    chart_tradeoff(choices: [Choice], *, x_name, y_name, y_decimals, alt)

`nice_domain(*series, zero)` gives the scale that small multiples of one unit and row share. The magnitude bar
inside a table row is HTML: sop.ui.kit.html_tables.Bar.
"""

from sop.ui.charts.base import Chart, Series, current_theme, nice_domain, show_chart
from sop.ui.charts.bridge import chart_bridge
from sop.ui.charts.categories import chart_categories
from sop.ui.charts.fan import Bands, chart_fan
from sop.ui.charts.indicator import chart_indicator
from sop.ui.charts.intervals import chart_intervals
from sop.ui.charts.lines import chart_pair
from sop.ui.charts.load import chart_load
from sop.ui.charts.multiples import chart_small_columns, chart_small_line
from sop.ui.charts.plan import chart_plan, chart_variance
from sop.ui.charts.sparkline import chart_kpi_columns, chart_kpi_line
from sop.ui.charts.stock import chart_stock
from sop.ui.charts.streams import chart_streams
from sop.ui.charts.strip import StripItem, chart_strip
from sop.ui.charts.terms import chart_terms
from sop.ui.charts.tornado import TornadoBar, chart_tornado
from sop.ui.charts.tradeoff import TradeOff, chart_tradeoff

__all__ = [
    "Bands",
    "Chart",
    "Series",
    "StripItem",
    "TornadoBar",
    "TradeOff",
    "chart_bridge",
    "chart_categories",
    "chart_fan",
    "chart_indicator",
    "chart_intervals",
    "chart_kpi_columns",
    "chart_kpi_line",
    "chart_load",
    "chart_pair",
    "chart_plan",
    "chart_small_columns",
    "chart_small_line",
    "chart_stock",
    "chart_streams",
    "chart_strip",
    "chart_terms",
    "chart_tornado",
    "chart_tradeoff",
    "chart_variance",
    "current_theme",
    "nice_domain",
    "show_chart",
]
