"""The words of what stands within kinds: a field, an approval, a deadline, an action over rows."""
