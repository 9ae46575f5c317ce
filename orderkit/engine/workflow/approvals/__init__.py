"""Approvals: who decides, the tasks they get, how a step is settled, which step comes next."""
