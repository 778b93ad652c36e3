"""The posts that everybody prints: made by chance from a seed, written as one line of JSON for each post.

Knows what names, duties and posts are like and how long they get. Leaves out where they stand on a badge.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from random import Random

from store.codes import CODE_BITS, PlateCode, PlateNumber

SEED = 20261122
BASE_URL = "https://gang.wangchuan.gov.cn"
HEADING = "共产党员示范岗"
ISSUER = "中共望川市政务服务中心委员会"
DATED_ON = "2026-07-01"

_MEMBERS = (3, 12)
_DUTIES = (20, 60)
_MINORITY_SHARE = 0.04
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任"
    "沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
)
_FAMILY_OF_TWO = ("欧阳", "司马", "诸葛", "上官", "皇甫", "令狐")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉志斌宇浩然子轩梓涵雨欣思远佳怡俊豪晓东"
    "海燕春梅凤琴淑珍立新永康振宁国栋家琪泽民少华雅婷诗涵若彤天佑博鑫晨曦锦程瑞雪婉清嘉懿星辰沐阳乐怀瑾书瑶"
    "峥嵘翊璇昱珂骁霖澍妍菡芷蕾馨玥琳琦璐瑜瑛岚峻岩松柏桐楠榕枫钧铭锋钊锐铮炜烨焕炎煜灿波泓清淼深源溪润泉"
)
_MINORITY_GIVEN = (
    "阿依古丽",
    "买买提",
    "古丽娜尔",
    "艾力",
    "帕提古丽",
    "次仁",
    "扎西",
    "阿不都",
    "塔依尔",
    "热依汗",
)
_TITLES = (
    "书记",
    "副书记",
    "组织委员",
    "主任",
    "副主任",
    "岗位长",
    "窗口负责人",
    "党员",
    "高级工程师",
    "护士长",
    "班长",
)
_UNITS = (
    "政务服务大厅", "医保经办中心", "不动产登记中心", "市民热线", "急诊科", "城东税务所", "供水营业厅",
    "公交三车队", "图书馆", "火车站", "社区卫生站", "南门派出所", "消防救援站", "气象台", "粮食储备库",
    "电力调度室", "环境监测站", "档案馆", "水文站", "养老服务中心",
)  # fmt: skip
_POSTS = (
    "综合窗口", "咨询台", "值班室", "登记岗", "维修班", "护理组", "受理二组", "审核组", "巡查队", "调度台",
    "志愿服务队", "质量检验组", "应急处置岗", "回访组", "导办岗", "安全监督岗",
)  # fmt: skip
_DUTIES_OF = (
    "受理各类咨询并一次告知所需材料", "当日事项当日办结", "对老年人和残疾人提供上门服务",
    "公开办事流程和时限", "接受群众监督", "负责夜间值守与突发事件先期处置",
    "每周开展一次安全检查并登记台账", "主动带教新入职人员", "对投诉在两个工作日内答复", "落实首问负责制",
    "保障设备完好率不低于98%", "核对档案信息并及时更正差错", "参加党员志愿服务每月不少于4小时",
    "严格执行收费标准", "为偏远乡镇提供预约办理和邮寄送达", "做好交接班记录", "定期走访困难家庭",
    "组织业务练兵和技能竞赛", "协调有关科室联合会办疑难事项", "宣传政策法规并发放明白卡",
    "优化流程、减少跑动次数", "做好防汛抗旱值班和雨情报送", "按规程操作，杜绝责任事故",
    "开展满意度回访并逐条整改",
)  # fmt: skip
_BRANCHES = ("第一党支部", "第二党支部", "第三党支部", "机关党支部", "离退休党支部", "服务保障党支部")


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A member, with the number and the code of the badge."""

    name: str
    title: str
    number: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Post:
    """The words of one post's badges and plaque."""

    id: str
    name: str
    duties: str
    branch: str
    holders: tuple[Holder, ...]


def write_roster(path: Path, badges: int, seed: int) -> None:
    """Write posts until there are so many badges, one line of JSON each."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(post), ensure_ascii=False) + "\n" for post in made(badges, seed))


def read_roster(path: Path) -> Iterator[Post]:
    """Yield the posts of a file, one at a time."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            said = json.loads(line)
            yield Post(**said | {"holders": tuple(Holder(**each) for each in said["holders"])})


def made(badges: int, seed: int) -> Iterator[Post]:
    """Make posts until they have so many members; the last post has as many as are left."""
    chance = Random(seed)  # noqa: S311 - the same posts for everybody, on every machine
    for number in count(1):
        members = min(chance.randint(*_MEMBERS), badges)
        yield _post(f"2026-{number:03d}", members, chance)
        badges -= members
        if not badges:
            return


def _post(post_id: str, members: int, chance: Random) -> Post:
    unit = chance.choice(_UNITS)
    return Post(
        id=post_id,
        name=unit + chance.choice(_POSTS),
        duties=_duties(chance),
        branch=unit + chance.choice(_BRANCHES),
        holders=tuple(_holder(post_id, serial, chance) for serial in range(1, members + 1)),
    )


def _holder(post_id: str, serial: int, chance: Random) -> Holder:
    return Holder(
        name=_name(chance),
        title=chance.choice(_TITLES),
        number=str(PlateNumber(post_id, serial)),
        code=PlateCode.from_bits(chance.getrandbits(CODE_BITS)).text,
    )


def _name(chance: Random) -> str:
    if chance.random() < _MINORITY_SHARE:
        return "·".join(chance.sample(_MINORITY_GIVEN, 2))
    family = chance.choice(_FAMILY_OF_TWO) if chance.random() < _MINORITY_SHARE else chance.choice(_FAMILY)
    return family + "".join(chance.sample(_GIVEN, chance.choice((1, 2, 2, 2))))


def _duties(chance: Random) -> str:
    """Return clauses, in an order of chance, as long as chance says."""
    least, most = chance.randint(_DUTIES[0], _DUTIES[1] - 16), _DUTIES[1]
    said = ""
    for clause in chance.sample(_DUTIES_OF, len(_DUTIES_OF)):
        if len(said) >= least:
            break
        if len(said) + len(clause) < most - 1:
            said += ("；" if said else "") + clause
    return said + "。"
