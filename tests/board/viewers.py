"""Whose eyes the tests look with."""

from board.permission import Viewer
from signals.accounts import Role

CENTRE = Viewer(Role.ANALYST)
STRICT = Viewer(Role.MODELER)  # of the centre, and no reader of reports
IN_PENGJIANG = Viewer(Role.ANALYST, ("440703",))
IN_HESHAN = Viewer(Role.DUTY, ("440784",))
OFFICE = Viewer(Role.ANALYST, office="某街道办事处")
NAMED_ROLE = Viewer(Role.ANALYST, sees_restricted=True)
