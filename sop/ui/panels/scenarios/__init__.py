"""The Scenarios page on screen: sliders, the bench, what each slider is worth."""
