"""Demand: from cleaned actuals over the baseline forecast to the consensus, in units.

`cleaning` (with `outliers`) → `baseline` → `reconcile` (levels and products) → `forecast` (of a company, with
`drivers`) → `consensus`. Under the baseline, `ladder` picks the rung, `models` calls the library, `profiles` lends
seasons and `intervals` calibrates. `override_effect` says what people change and `accuracy` judges what was said.
Import from the modules: only some of them load the forecast library.
"""
