"""What two tabs share, or the whole page."""
