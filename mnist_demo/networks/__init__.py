"""Images in [0, 1] to logits."""
