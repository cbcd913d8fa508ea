"""Use cases: permission, load, domain, save with audit, one transaction each."""
