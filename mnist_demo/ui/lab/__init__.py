"""The parts of the Train tab: the recipe's form, the runs and their curves, and what folds open."""
