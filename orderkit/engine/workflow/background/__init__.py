"""Actions in the background: each is a job of its own, and what is behind it waits as a row, never as a thread."""
