"""Times as people say them."""

from mnist_demo.ui.words import say


def tell_seconds(seconds: float) -> str:
    """45 s, 1 min 20 s, 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return say("time_seconds", seconds=rest)
    if not rest:
        return say("time_minutes", minutes=minutes)
    return say("time_both", minutes=minutes, seconds=rest)


def tell_roughly(seconds: float) -> str:
    """An estimate, no finer than it can be: to 5 s, from a minute on to 10 s, then to a minute."""
    grain = next((grain for below, grain in ((57.5, 5), (295, 10)) if seconds < below), 60)
    return tell_seconds(max(grain * round(seconds / grain), 5))
