"""The review pages on screen: executive review, performance, plan changes, outlook, explanations."""
