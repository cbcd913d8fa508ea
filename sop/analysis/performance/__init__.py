"""Did we do what we said: actuals against plans, accuracy, indicators, benefits, the headline cards."""
