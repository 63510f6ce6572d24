"""What concerns the host alone: starting, health, status, logs. Nothing of it is on the page."""
