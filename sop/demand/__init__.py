"""Demand: from cleaned actuals over the baseline forecast to the consensus, in units.

`cleaning` (with `outliers` and `shifts`) → `baseline` → `reconcile` (levels) → `coherence` (products) →
`consensus`. Under the baseline, `ladder` picks the rung, `models` calls the library, `profiles` lends seasons,
`intervals` calibrates and `series_record` names what can be kept. `spread` moves totals down and up and
`accuracy` judges what was said. `company_history` and `company` apply it all to one company. Import from the
modules: only some of them load the forecast library.
"""
