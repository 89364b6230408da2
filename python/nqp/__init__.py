"""From marts to estimates, tables and pages."""
