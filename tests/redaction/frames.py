"""Sentences of the labelled texts, in three registers and as titles; braces are slots, see tests/redaction/labelled."""

NAMED = """
物业经理{name}态度很差，问他什么都说不知道
昨天下午找了{name}两次，人都不在
包工头{name}拖欠我们十二个人的工资
{place}的{name}把垃圾堆在我家门前
村干部{name}让我们先签字，其余免谈
楼上住户{name}半夜拖桌椅，劝过也没用
我去{office}办事，接待我的{name}叫我回去等
{name}在{estate}门口摆摊，油烟熏得人睁不开眼
当时在场的还有{name}和{name}
和我同一批买房的{name}已经拿到房产证了
{firm}的老板{name}跑路了
请问{name}的低保批了没有
{name}欠薪不还，打电话也不接
把钱转给了{name}，到现在没有下文
由{name}签收，却说没有收到材料
小孩的班主任{name}收了补课费
我父亲{name}今年八十二岁，行动不便
我妻子{name}在{firm}上班时摔伤
房东{name}不肯退押金
开发商那边的{name}一直推脱
是{name}带头砌的围墙
{name}、{name}、{name}三户都没有水
户主{name}，家里五口人
受害者{name}已送{office}治疗
{office}工作人员{name}服务热情，特此表扬
据邻居{name}讲，这口井去年就塌过
{estate}业委会主任{name}私自动用维修基金
承包人{name}没有按图纸施工
教练{name}要求另外交钱才给约考
中介{name}收了定金就不理人
我儿子{name}的学位被调到了{place}
村民{name}反映{place}的水渠堵塞
已经向{name}反映多次
由组长{name}负责清理，但没人动
{name}家的狗咬伤了三个小孩
对方叫{name}，开一辆白色面包车
他老公{name}经常打她
司机{name}中途甩客
我跟{name}是邻居，因为排水吵了几年
法院判{name}赔钱，他一直不给
{name}说这块地是他的
请{office}找{name}核实
联系了{name}，她答应月底前修好
后来{name}又带人来闹
现由{name}承包鱼塘
医生{name}开错了药
借{name}的名义贷款
送养老金认证的是{name}本人
{name}同志长期占用公房
死者{name}家属要求赔偿
落款：{name}
此致 {name}
反映人{name}，家住{place}
我叫{name}，是{estate}的业主
本人{name}，系{place}人
投诉人{name}来信
有个叫{name}的在群里收钱
收款人写的是{name}
保安队长{name}打人
{place}村委会{name}书记不作为
去年{name}买下了隔壁的宅基地
多亏{name}帮忙，问题解决了
今早{name}在{place}捡到一个钱包
""".strip().splitlines()  # fmt: skip

SPOKEN = """
坐席：请问怎么称呼您？市民：我姓{sur}，{name}
市民：那个经理叫{name}嘛，你们查查
坐席：好的{sur}先生，请您讲。
市民：我老公叫{name}，身份证上就是这个
市民：找过{name}了呀 他说不归他管
坐席：您是{name}女士对吗？市民：对对对
市民：喂 我想问下{name}那个补贴到账没有
市民：{sur}主任说让我打这个电话
市民：就是{name} 天天在楼下烧东西
坐席：登记的姓名是{name}，没错吧？
市民：你跟{name}讲一声 我等着呢
市民：他们老板 叫什么{name} 电话都关机了
坐席：{sur}小姐，您反映的问题已转{office}。
市民：我替我妈问的 她叫{name}
市民：收钱的那个{name}已经走人啦
坐席：已为{name}登记，请保持电话畅通。
市民：{name}啊 就是那个村长 不理我们
市民：我系{name} 住喺{estate}
""".strip().splitlines()  # fmt: skip

NOTED = """
走访{place}时，{name}称家中漏雨
巡查发现{estate}楼道堆放杂物，系住户{name}所放，已劝导
独居老人{name}需每周上门探视
经与{name}沟通，同意三日内拆除
上报人：{name}
{name}（租户）拒绝登记
网格员{name}到场处理
今日{name}与{name}因晾衣发生争执，现场调解
{place}老党员{name}病重，建议慰问
当事双方为{name}、{name}，均表示愿意调解
低保户{name}家电线老化
陪同{office}{name}检查{firm}
残疾人{name}申请轮椅一部
{sur}伯屋前积水未退，已联系疏通
{sur}姨反映楼上滴水
老{sur}家的围墙倾斜
阿{nick}早餐店占道经营，已口头提醒
{sur}某涉嫌无证经营，移交{office}
{sur}某某称系误会
小{sur}负责跟进此事
""".strip().splitlines()  # fmt: skip

TITLES = """
关于{name}拖欠工资一事
反映{place}{name}违建
投诉{firm}负责人{name}
{name}：要求退还定金
举报{name}霸占公共通道
表扬{office}{name}
求助，寻找走失老人{name}
{estate}住户{name}噪音扰民
""".strip().splitlines()  # fmt: skip

NUMBERED = """
请回电{mobile}，谢谢
有事打{mobile}找我
{name}{mobile}
{name}，{mobile}，{place}
联系方式 {mobile}
我的号码是{mobile}，晚上别打
手机{mobile}长期打不通
市民：电话你记一下 {mobile}
办公室座机{landline}没人接
打{landline}问过，说不清楚
家里电话{landline}
身份证{id}
证件号是{id}，请查
{name}，{id}，符合条件
证件 {id} 被冒用
退款到{card}
我的银行卡{card}一直没到账
卡号{card}，开户行在{place}
车辆{plate}违停堵住大门
白色小车{plate}撞坏护栏就走了
{plate}每天占用消防通道
资料已发{mail}
邮箱：{mail}
加微信{account}领红包，被骗了
{account_said}
我住{estate}{building}{room}，漏水半年
{estate}{building}{room}装修噪音大
地址：{place}{house}{building}{room}
{estate}{room_alone}夜里打麻将
{hk}
{passport}
""".strip().splitlines()  # fmt: skip

NEGATIVE = """
{place}路段{plain}没有人管，天黑后看不清
{estate}旁边的{firm}夜里{plain}很吵
我们向{office}反映过{plain}的问题
{plain}太多，{plain}也不好
请问{office}几点上班
{firm}拖欠工资，{firm}也一样
从{place}到{place}的公交太少
{place}居民希望{plain}尽快处理
{estate}和{estate}之间缺一条人行道
建议在{place}增设{plain}
{office}答复说{plain}不归他们管
投诉{firm}虚假宣传
{place}{plain}损坏
咨询{plain}办理流程
巡查{place}，发现{plain}隐患
坐席：请问是{place}吗？市民：不是，是{place}旁边
市民：{plain}的事 你们到底管不管
坐席：已记录，{office}会联系您。
{firm}门口{plain}，{place}沿线都这样
{number}
{estate}业主对{plain}意见很大
我是{place}的居民，住在{firm}楼上
反映{estate}{plain}
{plain}影响{place}出行
""".strip().splitlines()  # fmt: skip

# Numbers that lead to nobody. In braces: {d4} four digits and so on.
HARMLESS = """
工单{d14}已经三天没有回复
诉求编号2018{d10}请跟进
合计{d5}元，每平方米{d4}元
2019-05-06到2020/11/30之间停水
国办函〔2025〕66号文件说的是可以
合同号HT-2021-{d4}约定九月交房
拨打12345没人接，又打110
K{d2}路和{d3}路公交都不停
325国道旁，S270省道塌方
每月1.5万元的管理费
{place}{d3}号门口积水
5栋和6栋之间没有灯
第3期共有1200户业主
建筑面积89.5平方米，套内73.2平方米
粤府办〔2019〕{d2}号
上午8:30到下午17:45施工
血压160/95，血糖7.8
充值卡面额100元，共20张
公司服务热线400-830-{d4}
房产证号粤房地权证江门字第{d10}号
车次G6{d2}晚点40分钟
邮编529000
噪声测到68.5分贝，标准是55
一共一千三百八十块
统一社会信用代码91440700MA4W{d4}XX
""".strip().splitlines()  # fmt: skip

# Names that no Chinese surname begins, a surname alone after what announces it, numbers that a line's end breaks.
RARER = """
我叫{dotted}，在{place}租房
姓名：{dotted}，电话{mobile}
联系人：{dotted}
{firm}的{dotted}半年没领到工资
网格员走访了{dotted}一家
请{office}联系{dotted}，谢谢
邻居{dotted}说楼道里没有灯
把押金交给了{dotted}，对方不认账
登记的姓名是{dotted}
外籍员工{dotted}签证到期
联系人：{latin}
我叫{latin}，是{estate}的租客
姓名 {latin}，护照{passport}
收件人：{latin}，{mobile}
姓名：{minority}，女
姓名：{minority}
联系人：{sur}
联系人：{sur}，{mobile}
申请人 {sur}
户主姓{sur}，住在{place}
户主姓{sur}
{estate}有个姓{sur}的把车停在消防通道
房东姓{sur}不肯修水管
一名{sur}姓男子在{place}摔倒
业主{sur}，电话{mobile}
请打{mobile_broken}找我
{mobile_broken}
身份证号：{id_broken}
{id_broken}是我的证件
退款账号{card_broken}
办公室电话{landline_broken}
{estate_dotted}二期没有通气
{estate_dotted}的业主对{plain}不满
联系人：物业公司，{office}
{place}的老百姓常说{plain}
共有{two_lines}两个数字
""".strip().splitlines()  # fmt: skip
