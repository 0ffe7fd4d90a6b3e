"""People, places, firms and offices of the labelled texts; invented, and no list of signals/redaction.

Which full names may appear is decided by their checksum, so that none of them can be one that the name model was
trained on (models/naming draws only names of an even checksum).
"""

import random
from zlib import crc32

COMMON = (
    "陈李黄梁林张何吴罗刘邓叶谢郑苏曾钟王杨赵周徐孙胡朱郭蔡曹彭余潘袁于董程魏吕丁任沈姚姜崔范石"
    "贾夏付方邹孟秦白江史侯邵万钱汤尹黎易常武乔贺赖龚文"
)
GUANGDONG = "谭冼甄邝阮伍区麦关司容岑莫温翁植招禤劳霍简欧冯卢凌骆祝庞钱古游练饶佘揭容敖"
COMPOUND = "欧阳 司徒 上官 诸葛 司马 皇甫 夏侯 慕容 端木 令狐".split()
GIVEN_TWO = """
国强 建华 丽娟 志明 秀英 伟雄 桂兰 永康 嘉欣 子轩 美玲 锦荣 焕棠 惠芳 润田 家豪 凤仪 树根 启航 海燕 雪梅 耀辉
少芬 沛霖 锐锋 晓彤 思远 梓涵 柏林 绮雯 炳坤 兆基 佩珊 婉仪 德胜 浩然 俊杰 诗琪 玉珍 金水 文辉 卫东 红霞 春生
素云 明月 长江 新民 爱国 天佑 乐怡 一凡 欣妍 雨桐 泽楷 穗生 健儿 满堂 有福 来娣 亚妹 观胜 灿辉 国威 伯钧 淑贞
月娥 宝珠 瑞莲 均灿 钊洪 镇涛 彩霞 晓峰 立新 学军 福祥 广发 景行 若曦 艺馨 皓轩 靖雯 奕辰 可欣 铭浩 振宇 少华
庆祥 志豪 润好 佩琪 社养 汝霖 宏基 仲文 伟健 柳青 小敏 大勇 传芳 光耀 世杰 敬贤 石生 焯南 颂恩 念慈 如意 旺财
顺喜 向阳 洁莹 倩婷 楚君 子聪 佳怡 展鹏 智深 云飞
""".split()
GIVEN_ONE = """
敏 涛 静 勇 芳 磊 娜 军 超 霞 杰 丹 波 辉 健 慧 琳 鹏 颖 斌 燕 峰 毅 婷 洋 莹 昊 蕾 彬 倩 凯 晨 悦 锋 萍 琼 钊
炜 彪 淼 哲 雯 岚 晖
""".split()
NICK = "珍 强 芳 明 娟 辉 英 雄 玲 华 娣 彪 莲 荣 好 蓉".split()

PLACES = """
高沙街道 石头村 白石墟 江边里 何家坳 张村 黄坑尾 温泉小镇 马鞍山公园 安贵路 常平大道 金溪一路 于塘村 方圆广场
陈皮古镇 司前镇 沙堆镇 罗坑镇 牛湾圩 苍城 赤坎 百合镇 水口 月山 杜阮北三路 王府井百货 李屋巷 周郡桥头 邓边大街
谢岗工业区 龙口西 梁金山 曾屋坪 叶蓝路 莲塘 胡桃里 孔雀湖 鹤舞路 双水 文昌沙 丰盛里 侨兴东路 康平路 华园中路
关帝庙 容桂大道 麦园新村 区坑口 欧洲城 万福里 白水带 古猿洞 伍家祠堂 余庆里 江南新区 任屋岗 宋城南路 唐家湾
严家祠 童心公园 施家渡 米仓巷 岑头 游鱼山 简坪
""".split()
ESTATES = """
金碧花园 锦绣江南 丽晶华府 汇景名庭 云山诗意 水岸豪庭 康乐苑 骏景湾 凤凰城 聚福豪苑 尚东花园 万科金域 时代倾城
安居新苑 东方雅居 白金公馆 华茵桂语 余香园 乔木华庭 温莎堡 江悦城 柏丽湾 常青藤小区 石榴花园 伍福新村 麦浪轩
黄金海岸 钟楼小区 童话里
""".split()
FIRMS = """
周记烧腊店 陈记大排档 顺达物流有限公司 宏运五金厂 安泰物业 李宁专卖店 王老吉 金凤美容院 何氏诊所 美的电器
大参林药房 华润燃气 麦当劳 钱大妈 张小泉剪刀 方正科技 司徒家私城 永旺超市 鸿基混凝土 陈李济药厂 江海纺织
平安银行 石湾陶瓷 温氏养殖 彭年酒店 曾氏祠堂 全家便利店 黄振龙凉茶 梁添刀具 高登幼儿园 贺喜婚庆 康师傅 龙马汽修
丁丁托管 利群超市 易初莲花 万家福 盛世娱乐城
""".split()
OFFICES = """
市应急管理局 区住建局 高新派出所 人社局 国土所 司法所 交警大队 12345热线 安监站 供电局 水务集团 信访局 民政办
工商分局 综治办 第三小学 景贤学校 中心医院 妇幼保健院 公证处 文广旅体局 车管所 卫健局 武装部 方志办 司法局
农业农村局 海关 金管局
""".split()
PLAIN = """
高空抛物 安全带 马路 水管 施工 时间 许可证 应该 常常 黄色 石头 温泉 易燃 何时 于是 方便 江水 白天 夏天 方案 任务
单位 金额 常年 连夜 向来 成年人 经过 解决 管道 项目 严重 程序 万一 关于 房东 车位 文件 古树 安装 包工头 平时
高压线 钱款 明明 元宵 简单 于事无补 路灯 余下 温度 和气 时候 金属 全部 左右 胡乱 任由 祝愿 柴油 汤水 牛奶 花坛
龙头 季度 毛坯房 凌晨 习惯 党员 容易 甘蔗 区里 麦田 欧式 关闭 伍佰元 余额 招牌 莫名其妙 劳动 霍乱 翁婿 祝贺 曾经
钟点工 黎明 叶子 苏打水 丁点 秦腔 武术 文明 白蚁 万分
""".split()

DOTTED = """
阿卜杜拉·买买提 玛丽·史密斯 玉素甫·艾山 迪丽娜尔·吐尔逊 古丽巴哈尔·热合曼 约翰·泰勒 卡洛斯·冈萨雷斯 伊万·彼得罗夫
艾合买提·卡德尔 帕提古丽·阿不都 穆罕默德·哈桑 安娜·卡列尼娜 努尔兰·赛里克 丹尼尔·罗伯特·琼斯 马克西姆·索科洛夫
热娜古丽·依明 吐尔逊江·阿布都热依木 麦麦提·图尔荪 热依罕古丽·买合木提 赛福鼎·艾则孜 克里木·霍加 哈丽旦·斯马义
亚历山大·彼得森 凯瑟琳·沃森 何塞·马丁内斯 法蒂玛·侯赛因 弗拉基米尔·库兹涅佐夫 索菲娅·安德森 马哈茂德·阿里
叶尔波力·托合塔尔 阿依努尔·别克 布鲁诺·席尔瓦 穆合塔尔·艾力 祖丽皮娅·赛买提 伊力哈木·居马 亚森江·托乎提
彼得·施瓦茨 伊莎贝拉·费尔南德斯 奥马尔·法鲁克 拉杰什·库马尔 叶卡捷琳娜·莫罗佐娃 米格尔·桑切斯 哈米提·努尔
巴合提·叶尔肯
""".split()
LATIN = [
    "John Smith", "Mary Jane Watson", "Pedro Alvarez", "ANNA MULLER", "Kim Min-jun", "Olivia Brown", "Jean-Luc Moreau",
    "Tom Baker", "Nguyen Van Hung", "Sara O'Neil", "MARIA LOPEZ", "Abdul Rahman", "Chen Wei", "Lucas da Silva",
    "Peter Novak", "Maria de Souza", "Ali bin Hassan", "Jane O’Connor", "Li Na Wang",
]  # fmt: skip
MINORITY = """
扎西次仁 卓玛央宗 乌兰图雅 巴特尔 斯琴高娃 阿木嘎 罗布顿珠 吉克阿优 呼和巴雅尔 德吉 索朗旺堆 白玛措 格桑梅朵 其其格
苏日娜 那仁图雅 岩温 玉香罕 阿依莎 木呷尔布
""".split()
ESTATES_DOTTED = "万科·金域学府 碧水·云天 龙湖·春江郦城 中海·御湖熙岸 保利·西海岸 荣盛·锦绣观邸".split()


def is_held_out(name: str) -> bool:
    """Whether a full name is one of those kept for tests."""
    return crc32(name.encode()) % 2 == 1


def full_name(chance: random.Random) -> str:
    """A full name: 3 of 4 with two given characters, 6 % compound, a quarter of Guangdong's surnames."""
    while True:
        drawn = chance.random()
        if drawn < 0.06:
            surname = chance.choice(COMPOUND)
        else:
            surname = chance.choice(GUANGDONG if drawn < 0.3 else COMMON)
        given = chance.choice(GIVEN_ONE) if chance.random() < 0.25 else chance.choice(GIVEN_TWO)
        if is_held_out(surname + given):
            return surname + given


def surname(chance: random.Random) -> str:
    """A surname, compound ones rarely."""
    return chance.choice(COMPOUND) if chance.random() < 0.04 else chance.choice(COMMON + GUANGDONG)
