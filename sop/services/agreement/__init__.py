"""Propose, sign, decide, return; the gate; every plan ever agreed."""
