"""What each role may open, read and do, and which reports an account may see: the one place of permission.

Pure: no page, no query. A page, an action or a kind of text that stands in no table here is open to nobody.
"""

from dataclasses import dataclass

from signals.accounts import READERS, Account, Role

ANALYST, DUTY, MODELER, OPERATOR, AUDITOR = Role.ANALYST, Role.DUTY, Role.MODELER, Role.OPERATOR, Role.AUDITOR

MAY_OPEN: dict[str, frozenset[Role]] = {  # a page's address → who may open it
    "": frozenset({ANALYST, DUTY}),
    "issue": frozenset({ANALYST, DUTY}),
    "radar": frozenset({ANALYST, MODELER}),
    "hotspots": frozenset({ANALYST, DUTY}),
    "themes": frozenset({ANALYST, MODELER}),
    "handling": frozenset({ANALYST, DUTY}),
    "indicators": frozenset({ANALYST}),
    "models": frozenset({ANALYST, MODELER, OPERATOR}),
    "quality": frozenset({ANALYST, OPERATOR}),
    "upload": frozenset({ANALYST, OPERATOR}),
    "audit": frozenset({AUDITOR}),
}

MAY_READ: dict[str, frozenset[Role]] = {  # the action of an audit line → who may see such text
    "view_watch": frozenset(READERS),
    "view_quotes": frozenset(READERS),
    "view_reports": frozenset(READERS),
    "view_handling": frozenset(READERS),  # what people wrote about a step
    "view_quarantine": frozenset({ANALYST, OPERATOR}),
    "view_upload": frozenset({ANALYST, OPERATOR}),
}
OF_THE_WHOLE_CITY = frozenset({"view_quarantine"})  # such rows have no area yet: the centre's accounts only

MAY_DO: dict[str, frozenset[Role]] = {
    "decide": frozenset({ANALYST}),  # confirm or dismiss an alert
    "handle": frozenset({ANALYST, DUTY}),  # note a step of handling
    "correct": frozenset({ANALYST}),  # say that issues are one, or that reports do not belong
    "phone": frozenset({ANALYST, DUTY}),  # note that a danger was telephoned
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a query answers to: only what decides what may be seen, so that it can key a remembered answer."""

    role: Role
    areas: tuple[str, ...] = ()  # none: the whole city
    office: str = ""  # "": the governance centre
    sees_restricted: bool = False
    k: int = 5  # a count of fewer people elsewhere is not told

    @property
    def is_centre(self) -> bool:
        """Of the city's governance centre. All others see their own part, and what it says of the rest is k-safe."""
        return not self.areas and not self.office

    @property
    def reads_text(self) -> bool:
        return self.role in READERS

    @property
    def reads_restricted(self) -> bool:
        """The named role of design rule 7; never an office's account."""
        return self.sees_restricted and self.reads_text and not self.office

    @property
    def reads_about_offices(self) -> bool:
        """Reports about an office or its staff are handled by the level above: by the city's centre alone."""
        return self.is_centre and self.reads_text

    def may_open(self, url: str) -> bool:
        """Whether the page at an address may be opened."""
        return self.role in MAY_OPEN.get(url, frozenset())

    def may_do(self, action: str) -> bool:
        """Whether something may be changed."""
        return self.role in MAY_DO.get(action, frozenset())

    def may_read(self, action: str) -> bool:
        """Whether text may be seen that the audit calls so."""
        return self.role in MAY_READ.get(action, frozenset()) and (self.is_centre or action not in OF_THE_WHOLE_CITY)


def viewer_of(account: Account, *, k: int) -> Viewer:
    """What decides what an account may see."""
    return Viewer(account.role, account.areas, account.office, account.sees_restricted, k)
