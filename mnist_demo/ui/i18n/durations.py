"""Times as people say them."""

from mnist_demo.ui.i18n.translate import Translations, translate


def describe_seconds(seconds: float) -> Translations:
    """45 s, 1 min 20 s, 5 min."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return translate("span_seconds", seconds=rest)
    if not rest:
        return translate("span_minutes", minutes=minutes)
    return translate("span_both", minutes=minutes, seconds=rest)


def describe_roughly(seconds: float) -> Translations:
    """An estimate, no finer than it can be: to 5 s, from a minute on to 10 s, then to a minute."""
    grain = next((grain for below, grain in ((57.5, 5), (295, 10)) if seconds < below), 60)
    return describe_seconds(max(grain * round(seconds / grain), 5))


def format_seconds(seconds: float) -> Translations:
    """A time for people: 4.2 s, 1 min 05 s."""
    if round(seconds, 1) < 10:
        return translate("time_short", seconds=seconds)
    if round(seconds) < 60:
        return translate("time_seconds", seconds=seconds)
    minutes, rest = divmod(round(seconds), 60)
    return translate("time_minutes", minutes=minutes, seconds=rest)
