"""The command line: one file a command; mnist_demo/__main__.py ties them together."""
