"""Mail addresses and the accounts of messengers, where words say what they are."""

import re

from signals.redaction.marks import ACCOUNT, MAIL, Draft

_MAIL = re.compile(
    r"[A-Za-z0-9._%+\-]+ ?(?:@|\[at\]|\(at\)|【at】|\{at\}|艾特| at ) ?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+",
    re.ASCII | re.IGNORECASE,
)
_MESSENGER = (
    r"微信|薇信|威信|维信|微x|v信|(?<![a-z])[vw]x|(?<![a-z])wechat|(?<![a-z])q ?q|扣扣|企鹅"
    r"|抖音|快手|微博|小红书|支付宝|钉钉"
    r"|加 ?[v微薇]信?|\+ ?v信?|户号|缴费号|客户号|网名|昵称"
)
_ACCOUNT = re.compile(
    rf"(?:{_MESSENGER})(?:邮箱和(?:q ?q|微信))?(?:群)?(?:号码?|账号|帐号|id|群号?)?(?:都?是|为|叫)?[ :：=]{{0,3}}"
    r"([A-Za-z][A-Za-z0-9_\-.]{5,19}|\d{5,12})(?![A-Za-z0-9_])",
    re.IGNORECASE | re.ASCII,
)


def cut_mail(draft: Draft) -> None:
    if re.search("@|at|艾特", draft.folded, re.IGNORECASE):
        for match in _MAIL.finditer(draft.folded):
            draft.cut(match.start(), match.end(), MAIL)


def cut_accounts(draft: Draft) -> None:
    for match in _ACCOUNT.finditer(draft.folded):
        draft.cut(match.start(1), match.end(1), ACCOUNT)
