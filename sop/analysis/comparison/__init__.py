"""Plans against each other: differences, exact attribution, the bridge, and the path of one change."""
