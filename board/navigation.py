"""The pages of the board, in order. A new page is one file in views/ and one line here."""

from dataclasses import dataclass
from pathlib import Path

VIEWS = Path(__file__).parent / "views"


@dataclass(frozen=True, slots=True)
class BoardPage:
    """One page: its file, what people call it, and its address below the board's own."""

    file: str
    title: str
    url: str

    @property
    def path(self) -> Path:
        return VIEWS / self.file


PAGES = (
    BoardPage("today.py", "今日预警", ""),
    BoardPage("issue.py", "议题", "issue"),
    BoardPage("handling.py", "处置闭环", "handling"),
    BoardPage("radar.py", "弱信号雷达", "radar"),
    BoardPage("hotspots.py", "热点图", "hotspots"),
    BoardPage("quality.py", "数据质量", "quality"),
    BoardPage("upload.py", "导入预览", "upload"),
)
