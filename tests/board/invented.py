"""The matters of the invented city: what people report there, where, and how often. Nothing here is real."""

from dataclasses import dataclass

PENGJIANG, JIANGHAI, XINHUI = "440703", "440704", "440705"
TAISHAN, KAIPING, HESHAN, ENPING = "440781", "440783", "440784", "440785"


@dataclass(frozen=True)
class Matter:
    """One shared problem and how it is told."""

    name: str
    n: int  # reports
    age: int  # days from its first report to its alert
    theme: int
    owner: str
    places: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    bodies: tuple[str, ...]


def _matter(
    name: str, n: int, theme: int, owner: str, places: tuple[tuple[str, str], ...], tale: str, age: int = 14
) -> Matter:
    titles = (f"{name}何时能解决", f"反映{name}", f"{name}，住户受不了", f"请处理{name}")
    bodies = (
        f"{tale}联系人〔姓名〕，电话〔手机〕。",
        f"我们小区多户都遇到同样的情况，{tale}",
        f"{tale}此前反映过一次，至今没有改善，希望到现场看看。",
    )
    return Matter(name, n, age, theme, owner, places, titles, bodies)


MATTERS = (
    _matter("翠湖雅居燃气管接口漏气", 24, 3, "市城管局", ((PENGJIANG, "环市街道"), (PENGJIANG, "白沙街道")),
            "楼道里这几天都能闻到煤气味，检修后又漏，老人孩子不敢开火做饭。", 10),
    _matter("御泉湾旁搅拌站夜间噪声", 22, 1, "区住建局", ((PENGJIANG, "棠下镇"), (HESHAN, "雅瑶镇")),
            "搅拌站夜里十一点以后还在打料，罐车进出声音很大，窗户关着也睡不着。", 16),
    _matter("滨江花苑电梯反复停运", 15, 2, "区市场监管局", ((JIANGHAI, "外海街道"),),
            "3 栋电梯一周停了四次，有老人被困，物业说等配件。", 12),
    _matter("礼乐市场周边污水外溢", 9, 5, "区水务部门", ((JIANGHAI, "礼乐街道"),),
            "下水井盖冒黑水，流到人行道上，气味难闻，商户无法开门。", 8),
    _matter("会城南路积水无人疏通", 14, 4, "区市政部门", ((XINHUI, "会城街道"),),
            "一下雨路口就积水过膝，电动车熄火，排水口被建筑垃圾堵住。", 12),
    _matter("台城某工地拖欠木工班组工资", 16, 2, "市人社局", ((TAISHAN, "台城街道"), (KAIPING, "三埠街道")),
            "工程完工三个月，班组二十多人的工钱还没有结清，项目部一再推迟。", 14),
    _matter("长沙片区停水不通知", 10, 3, "供水企业", ((KAIPING, "长沙街道"),),
            "没有通知就停水，一停就是大半天，来水后发黄。", 12),
    _matter("沙坪夜市油烟扰民", 14, 5, "区城管局", ((HESHAN, "沙坪街道"),), "烧烤档的油烟直接排到住宅楼。"),
    _matter("恩城客运站旁乱停车", 12, 4, "公安交管", ((ENPING, "恩城街道"),), "两边停满车，公交车转不过弯。"),
    _matter("荷塘镇路灯成片不亮", 12, 4, "区市政部门", ((PENGJIANG, "荷塘镇"),), "整条村道晚上一片黑，学生回家怕。"),
    _matter("潮连人行天桥扶手松动", 8, 4, "区市政部门", ((PENGJIANG, "潮连街道"),), "扶手一推就晃，螺丝掉了好几颗。"),
    _matter("江南街道垃圾清运不及时", 13, 5, "区城管局", ((JIANGHAI, "江南街道"),), "垃圾桶三天没有清，满地都是。"),
    _matter("双水镇鱼塘尾水发臭", 10, 5, "区农业农村局", ((XINHUI, "双水镇"),), "河涌的水变绿发臭，死鱼漂在水面。"),
    _matter("大泽镇重型车辆超速", 9, 4, "公安交管", ((XINHUI, "大泽镇"),), "货车在村口开得飞快，没有减速带。"),
    _matter("赤坎景区周边停车收费争议", 9, 2, "市发改局", ((KAIPING, "赤坎镇"),), "同一个停车场一天收了三次费。"),
    _matter("四九镇自来水水压不足", 9, 3, "供水企业", ((TAISHAN, "四九镇"),), "五楼以上早晚都没有水。"),
    _matter("共和镇厂房夜间排放异味", 11, 5, "生态环境部门", ((HESHAN, "共和镇"),), "半夜有刺鼻的塑料味，白天又没有。"),
    _matter("杜阮镇商品房延期交楼", 12, 2, "区住建局", ((PENGJIANG, "杜阮镇"),), "交楼日已经过了，工地没几个人。"),
    _matter("水步镇村道塌陷", 6, 4, "镇政府", ((TAISHAN, "水步镇"),), "路面塌了一个坑，只放了一块木板。"),
    _matter("圣堂镇通信信号差", 6, 3, "通信企业", ((ENPING, "圣堂镇"),), "在家里打不出电话，要走到村口。"),
    _matter("古劳水乡周末拥堵", 8, 4, "公安交管", ((HESHAN, "古劳镇"),), "周末堵车两公里，救护车也进不来。"),
    _matter("司前镇五金厂敲打噪声", 9, 1, "生态环境部门", ((XINHUI, "司前镇"),), "早上六点就敲打，隔壁睡不好。"),
    _matter("白沙街道旧楼外墙瓷砖脱落", 10, 2, "区住建局", ((PENGJIANG, "白沙街道"),), "瓷砖掉下来差点砸到人。"),
    _matter("某培训机构", 6, 2, "待定", ((XINHUI, "会城街道"),), "家长请求有关部门介入。"),
    _matter("某窗口服务", 5, 2, "待定", ((TAISHAN, "台城街道"),), "去了三次都说缺材料。"),
)  # fmt: skip

REMEDIES = (
    ("反映人数", "14 天 18 人", "尽快公开处理进度，合并答复同一事项"),
    ("民生安全用语", "燃气、电梯", "先到现场排除危险，再走流程"),
    ("逾期未答复", "超期 6 天", "确定牵头单位并在 48 小时内作首次答复"),
    ("重复反映", "答复后 3 人再次反映", "回访已答复的住户，核实问题是否真正解决"),
    ("已有实质答复", "1 次", ""),
)
