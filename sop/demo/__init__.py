"""The demo company: a fictional maker of cargo bicycles, generated with a seed relative to a given month."""

from sop.demo.demo_company import DemoCompany, Person, demo_company

__all__ = ["DemoCompany", "Person", "demo_company"]
