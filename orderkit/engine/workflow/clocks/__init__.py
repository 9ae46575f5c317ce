"""Time in workflows: deadlines of tasks, clocks over states, and timers on a visit of a state.

All of it is rows: `running` keeps the clocks, `setting` the moments at which something happens, and `firing` lets
it happen, by jobs of whatever worker comes first. `entering`, `tasks` and `following` are called where records
move, tasks come and go, and values, definitions or the calendar change.
"""
