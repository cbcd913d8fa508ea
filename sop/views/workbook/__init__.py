"""The sheets of the workbook that compare a plan: the statement and the family sheets, with live formulas."""
