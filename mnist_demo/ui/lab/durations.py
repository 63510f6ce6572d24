"""Times as people say them."""

from mnist_demo.ui.words import Words, tell


def tell_seconds(seconds: float) -> Words:
    """45 s, 1 min 20 s, 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return tell("span_seconds", seconds=rest)
    if not rest:
        return tell("span_minutes", minutes=minutes)
    return tell("span_both", minutes=minutes, seconds=rest)


def tell_roughly(seconds: float) -> Words:
    """An estimate, no finer than it can be: to 5 s, from a minute on to 10 s, then to a minute."""
    grain = next((grain for below, grain in ((57.5, 5), (295, 10)) if seconds < below), 60)
    return tell_seconds(max(grain * round(seconds / grain), 5))
