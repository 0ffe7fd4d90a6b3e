"""Which configured office a report is about (design rule 5); its accounts must not see the report.

An office that is merely asked to act (请城管局核实处理) is not what the report is about. Unsure is
hidden: a named office is taken as the subject unless it clearly is the addressee, and a complaint about
unnamed staff is `UNSURE`, which hides the report from every office's accounts.
"""

import re
from collections.abc import Mapping, Sequence

UNSURE = "未定"

_ASKED = re.compile(
    r"(?:请|由|希望|建议|恳请|望|转|交|联系|致电|告知|要求|求助|拨打|反映给|反映到|报)(?:贵|市|区|县|相关|有关|本地|当地)?[^，。；！？\n]{0,4}$"
)
_STAFF = re.compile(
    r"(?:窗口|办事员|工作人员|执法人员|执法队员|民警|交警|城管|科员|队员|领导|干部|社工|网格员|接线员|话务员|坐席)[^，。；！？\n]{0,14}"
    r"(?:态度|不作为|乱作为|推诿|敷衍|刁难|辱骂|骂人|收钱|收费|吃拿|打人|粗暴|不理|拒绝|失职|包庇|徇私|拖延)"
    r"|不作为|乱作为|吃拿卡要|官商勾结|保护伞|执法不公|选择性执法|暴力执法|踢皮球|以权谋私|滥用职权|玩忽职守|贪污|受贿"
)


def about_office(text: str, offices: Mapping[str, Sequence[str]]) -> str:
    """The configured office that `text` is about, UNSURE where it is about staff nobody named, else "".

    offices: office → its aliases (settings.offices); the longest name found counts first.
    """
    subject = ""
    names = sorted(((alias, office) for office, also in offices.items() for alias in (office, *also)), key=_longest)
    for alias, office in names:
        for match in re.finditer(re.escape(alias), text) if alias else ():
            if not _ASKED.search(text[max(0, match.start() - 8) : match.start()]):
                around = text[max(0, match.start() - 30) : match.end() + 40]
                if _STAFF.search(around):
                    return office
                subject = subject or office
    return subject or (UNSURE if offices and _STAFF.search(text) else "")


def _longest(pair: tuple[str, str]) -> tuple[int, str]:
    return -len(pair[0]), pair[0]
