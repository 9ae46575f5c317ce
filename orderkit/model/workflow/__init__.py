"""What moves records: workflows, their actions and clocks, and automations."""
