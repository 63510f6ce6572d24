"""Where images come from: MNIST, the bundled digits, synthetic digits and non-digits."""
