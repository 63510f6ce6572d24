"""Where images come from: MNIST, the bundled digits, and drawings of our own making."""
