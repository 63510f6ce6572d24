"""Every text of the page, in each language."""
