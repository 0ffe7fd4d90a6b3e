"""Texts that a report may hold and that must be shown as the text they are: a corpus for board, digest and exports."""

HOSTILE = (
    "<script>window.harmed=1</script>",
    "<img src=x onerror=\"window.harmed=1\">",
    "<svg/onload=window.harmed=1>",
    "</div></article><h1>标题</h1>",
    "<style>body{display:none}</style>",
    "<a href=\"javascript:window.harmed=1\">点我</a>",
    "&lt;b&gt;&amp;nbsp;&#39;",
    "**加粗** _斜_ `代码` # 标题 [点我](http://example.invalid) ![图](http://example.invalid/a.png)",
    "| 表 | 格 |\n|---|---|\n- 列",
    "$\\alpha^2$ :red[红] :material/home: :smile:",
    "=HYPERLINK(\"http://example.invalid\",\"点我\")",
    "@SUM(1+1) +1 -1 =1+1",
    "{{7*7}} {0} %s ${HOME}",
    "\u202e右到左\u202c \u2066隔\u2069 \u200f",
    "零\u200b宽\ufeff字\u00ad符",
    "长" * 10_000,
    "w" * 10_000,
    "👨‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0301\u0301\u0301 Z̸̢͓a̶l̵g̷o",
    "\x00\x07\x1b[31m控制\x7f",
    "引号\"'`<>&\\/反斜",
)
NEVER_IN_HTML = ("<script", "<img", "<svg/onload", "</article><h1>", "<style>body", "javascript:window.harmed=1\">")
