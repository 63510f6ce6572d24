"""The same, computed by a process of its own."""
