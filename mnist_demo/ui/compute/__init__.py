"""Models, data and threads that all visitors share."""
