"""From marts to estimates, tables and pages: one room per kind of work, and no arrow from a lower room to a higher one."""
