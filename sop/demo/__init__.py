"""The demo company: a fictional maker of cargo bicycles, generated with a seed relative to a given month."""

from sop.demo.demo_company import DemoCompany, Persona, demo_company

__all__ = ["DemoCompany", "Persona", "demo_company"]
