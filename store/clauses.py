"""The clauses of the founding plan that rules quote.

Each has the short id the software uses, the line of the plan it stands on, and its words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One obligation of the founding plan, quotable."""

    id: str
    line: int
    words: str

    @property
    def zh(self) -> str:
        """The clause as an officer reads it in a message."""
        quoted = self.words.translate(_INNER_QUOTES)
        return f"实施方案“{quoted}”（{self.id}）。"


_INNER_QUOTES = str.maketrans("“”", "‘’")
"""Within a quotation the marks are single (GB/T 15834 §4.8.3.3)."""


def _clause(clause_id: str, line: int, words: str) -> tuple[str, Clause]:
    return clause_id, Clause(id=clause_id, line=line, words=words)


CLAUSES: dict[str, Clause] = dict(
    (
        _clause("F1", 27, "共产党员示范岗分“个人示范岗”和“集体示范岗”"),
        _clause("F2", 27, "“个人示范岗”指党员个人"),
        _clause(
            "F3",
            27,
            "“集体示范岗”可以是一个自然空间的办公室、一个专门从事某项服务工作的岗位，也可以是一个支部",
        ),
        _clause("F4", 27, "集体示范岗内的人员中必须要有3名以上共产党员"),
        _clause("F5", 28, "各党总支要根据实际情况设立二到三个党员示范岗"),
        _clause("F6", 28, "于六月中旬报中心党委批准"),
        _clause("F7", 28, "报中心党委批准。获批后……"),
        _clause("F8", 28, "佩戴标牌或将标牌放置于办公场所的醒目位置"),
        _clause("F9", 28, "集体示范岗可将创建标牌置于办公室门前的显著位置"),
        _clause("F10", 28, "标牌上要写明岗位名称、工作职责、岗位党员数量、姓名等信息"),
        _clause("F11", 33, "悬挂“创建共产党员示范岗”的标牌，自觉接受群众监督"),
        _clause("F12", 29, "授予“共产党员示范岗”标牌"),
        _clause("F13", 29, "中心党委将对各总支申报的岗位进行检查评比"),
        _clause("F14", 29, "采取听汇报、实地考评、听取群众意见等方式实地考评创建活动情况"),
        _clause("F15", 29, "符合创建标准的、创建成绩突出，群众满意度高的"),
        _clause("F16", 29, "每年“七一”和年底前予以命名、表彰"),
        _clause("F17", 30, "各党总支每季度要对党员示范岗内党员进行一次考核"),
        _clause("F18", 30, "发现问题及时督促整改"),
        _clause("F19", 30, "对不符合党员示范岗标准的及时进行调整"),
        _clause("F20", 30, "党员示范岗出现下列情况之一者，实行“一票否决”"),
        _clause("F21", 30, "三是发生群众反映强烈，经查证情况属实的不良现象或事件"),
        _clause("F22", 30, "立即撤销称号"),
        _clause("F23", 30, "收回挂牌"),
        _clause("F24", 33, "进行群众满意度测评，并将测评结果作为考核评价的主要依据"),
        _clause("F25", 33, "广泛听取群众的意见和建议"),
        _clause("F26", 34, "通过党务公开栏、网页专栏等方式……进行公示"),
        _clause("F27", 33, "把创建活动开展情况作为年度考核的重要内容"),
        _clause("F28", 33, "加强督查指导"),
        _clause("F29", 35, "做好创建活动的各项记录，及时总结创建经验"),
        _clause("F31", 18, "岗位标准"),
        _clause("F32", 11, "“共产党员示范岗”总的要求是群众公认、实绩突出、作用明显"),
        _clause("F34", 11, "与党员公开承诺相衔接"),
        _clause("F35", 26, "制定本单位开展创建“党员示范岗”的具体实施方案"),
        _clause("F36", 34, "利用各种媒体对其先进事迹进行宣传"),
        _clause("F37", 34, "将创建“共产党员示范岗”活动的有关内容、要求等向广大、群众进行宣讲"),
    )
)

STANDARDS_ZH: tuple[str, ...] = (
    "思想清醒、政治坚定的示范",
    "遵纪守法，廉洁自律的示范",
    "勤于学习，开拓创新的示范",
    "爱岗敬业，争先创优的示范",
    "作风优良，服务优质的示范",
    "尽职尽责，履行义务的示范",
)
"""The six standards of a post, lines 19 to 24 (F31)."""

STANDARDS_EN: tuple[str, ...] = (
    "clear in thought, firm in politics",
    "law-abiding and incorrupt",
    "eager to learn and to innovate",
    "devoted to the work and striving to excel",
    "good in conduct and in service",
    "dutiful in every obligation",
)
