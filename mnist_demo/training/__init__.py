"""A run that yields events."""
