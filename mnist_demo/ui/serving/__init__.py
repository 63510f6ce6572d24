"""Settings, start, routes, checks and logs: what concerns the host."""
