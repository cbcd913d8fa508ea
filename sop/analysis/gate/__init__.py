"""What the gate finds: in a plan and its data alone, and in what is known about it beside."""
