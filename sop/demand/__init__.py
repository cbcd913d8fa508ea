"""Demand: from cleaned actuals over the baseline forecast to the consensus, in units.

`cleaning` (with `shifts`) → `baseline` → `coherence` → `consensus`. Under the baseline, `ladder` picks the rung,
`models` calls the library, `profiles` lends seasons and `intervals` calibrates. `spread` moves totals down and
up, `accuracy` judges what was said, and `company` applies it all to one company. Import from the modules: only
some of them load the forecast library.
"""
