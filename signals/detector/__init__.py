"""The detector: two arms share one budget of false alerts a day.

Promise, given the stated null, whatever the dependence between series: on average at most B alerts a day by chance.
Arm 1 (`shiryaev_roberts`) watches established series, arm 2 (`window_scan`) above all young and sparse ones; each has
its part of B.
"""
