"""The blocks of `Inputs`, one module for each kind of table; `sop.intake.assemble` puts them together."""
