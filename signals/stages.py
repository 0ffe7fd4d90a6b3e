"""What stage an issue is in and how fast it grows: the two definitions that a duty officer can repeat."""

from signals.records import Stage

LEVEL_DAYS = 28  # the level of an issue: distinct complainants newly heard in so many days
EMERGING_COMPLAINANTS = 3
STRONG_COMPLAINANTS = 10
FADING_DAYS = 21
GROWTH_DAYS = 14  # a fortnight is compared with the fortnight before
ADDED_COMPLAINANTS = 2  # to either side of the comparison

STAGE_SENTENCES = {
    Stage.WEAK: f"近 {LEVEL_DAYS} 天反映的人不到 {EMERGING_COMPLAINANTS} 位。",
    Stage.EMERGING: f"近 {LEVEL_DAYS} 天有 {EMERGING_COMPLAINANTS} 到 {STRONG_COMPLAINANTS - 1} 位不同的人反映。",
    Stage.STRONG: f"近 {LEVEL_DAYS} 天有 {STRONG_COMPLAINANTS} 位以上不同的人反映。",
    Stage.FADING: f"有过 {EMERGING_COMPLAINANTS} 位以上的人反映，但已连续 {FADING_DAYS} 天没有新的人。",
}
GROWTH_SENTENCE = (
    f"增长＝（近 {GROWTH_DAYS} 天新增人数＋{ADDED_COMPLAINANTS}）"
    f"÷（再前 {GROWTH_DAYS} 天新增人数＋{ADDED_COMPLAINANTS}）；"
    f"两边各加 {ADDED_COMPLAINANTS}，免得一两个人就显得暴涨。"
)


def stage_of(n_complainants: int, n_28: int, quiet_days: int) -> Stage:
    """The first that holds: fading, strong, emerging, weak (STAGE_SENTENCES says each in words).

    n_complainants: distinct, in the watched days. n_28: distinct, in LEVEL_DAYS. quiet_days: days since the last new
    voice. Fading is for what once rose: two people who fell silent stay weak.
    """
    if n_complainants >= EMERGING_COMPLAINANTS and quiet_days >= FADING_DAYS:
        return Stage.FADING
    if n_28 >= STRONG_COMPLAINANTS:
        return Stage.STRONG
    return Stage.EMERGING if n_28 >= EMERGING_COMPLAINANTS else Stage.WEAK


def growth_of(n_now: int, n_before: int) -> float:
    """New voices of a fortnight ÷ those of the fortnight before, both plus 2: 0 and 0 give 1, 1 after 0 gives 1.5.

    The ratio of the posterior means of two Poisson rates, each with a Gamma prior of shape 2: small counts pull to 1.
    """
    return (n_now + ADDED_COMPLAINANTS) / (n_before + ADDED_COMPLAINANTS)
