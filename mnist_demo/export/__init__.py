"""A run as a script of plain PyTorch."""
