"""What preflight found, and the rules it checks by: values that a report tells to a print shop or a machine.

Knows each check's name, what it demands, on what ground, and what to do about a finding. Leaves out how a
check is made (preflight/plate.py, read_back.py) and how a report is set out (pack/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """What a finding does to a print run: an error stops the copy, a warning asks somebody to decide."""

    ERROR = "error"
    WARNING = "warning"


class Check(StrEnum):
    """One thing that must hold before paper; the value is its name in a report for machines."""

    TEXTS = "texts"
    COUNT = "count"
    APPROVAL = "approval"
    GLYPHS = "glyphs"
    FALLBACK = "fallback"
    CLEARANCE = "clearance"
    OVERLAP = "overlap"
    FLOOR = "floor"
    MODULE = "module"
    QUIET_ZONE = "quiet zone"
    CODE = "code"
    STRESS = "stress"
    CONTRAST = "contrast"
    BASE_URL = "base URL"
    EXTRACTION = "extraction"
    BLEED = "bleed"
    EMBLEM = "emblem"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found on one copy: in which part, on which text, against which check, in both languages.

    `number` is empty where it concerns the whole file, `text` where no text is at fault.
    """

    severity: Severity
    number: str
    part: str
    text: str
    check: Check
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a check is called, what it demands, on what ground, and what to do where it does not hold."""

    name_zh: str
    name_en: str
    demand_zh: str
    demand_en: str
    ground: str
    remedy_zh: str
    remedy_en: str


def rule(check: Check) -> Rule:
    """Return the rule a check goes by."""
    return _RULES[check]


_CORRECT_RECORD = ("更正岗位记录后重新制作", "correct the post's record and make the file again")
_CORRECT_DESIGN = ("修改设计文件后重新制作", "correct the design file and make the file again")
_TELL = ("不得付印，告知管理员", "do not print; tell the administrator")


def _rule(names: tuple[str, str], demands: tuple[str, str], ground: str, remedies: tuple[str, str]) -> Rule:
    return Rule(
        name_zh=names[0],
        name_en=names[1],
        demand_zh=demands[0],
        demand_en=demands[1],
        ground=ground,
        remedy_zh=remedies[0],
        remedy_en=remedies[1],
    )


_RULES: Mapping[Check, Rule] = MappingProxyType(
    {
        Check.TEXTS: _rule(
            ("文字齐全", "Texts"),
            (
                "岗位名称、工作职责、党员数量、姓名、编号与记录逐字相同",
                "post name, duties, count, names and number are all there, as recorded",
            ),
            "F10",
            _CORRECT_RECORD,
        ),
        Check.COUNT: _rule(
            ("人数相符", "Count"),
            ("所印党员数量等于所印姓名的个数", "the number printed is the number of names printed"),
            "F10",
            _CORRECT_RECORD,
        ),
        Check.APPROVAL: _rule(
            ("批准有效", "Approval"),
            ("每一件所属岗位的批准在印制时有效", "the post of every copy stands approved when it is printed"),
            "F7、F12",
            ("先办理批准或命名", "have the post approved, or named, first"),
        ),
        Check.GLYPHS: _rule(
            ("字形非空", "Glyphs"),
            (
                "每个字在所用字体中都有字形，且轮廓不为空",
                "every character has a glyph whose outline is not empty",
            ),
            "GB 18030-2022",
            ("核对用字；确需此字的，提供该字的矢量图", "check the character, or supply a drawing of it"),
        ),
        Check.FALLBACK: _rule(
            ("后备字体", "Other typefaces"),
            (
                "改用其他字体的字逐一列出，由人工核对字形",
                "characters set in another typeface are listed for a human eye",
            ),
            "GB 18030-2022",
            ("对照校对单逐字核对", "compare each of them with the proof sheet"),
        ),
        Check.CLEARANCE: _rule(
            ("裁切距离", "Clearance"),
            (
                "文字和二维码距裁切边不小于3毫米",
                "no text and no code stands within 3 mm of the trim",
            ),
            "设计 design",
            _CORRECT_DESIGN,
        ),
        Check.OVERLAP: _rule(
            ("互不重叠", "Overlap"),
            ("文字之间、文字与二维码之间互不相碰", "no two texts touch, and no text touches a code"),
            "设计 design",
            _CORRECT_DESIGN,
        ),
        Check.FLOOR: _rule(
            ("字号下限", "Floor"),
            ("没有小于设计所定下限的字", "nothing is set below the floor its design gives"),
            "设计 design",
            ("缩短文字或改用较大的尺寸", "shorten the text or choose a larger size"),
        ),
        Check.MODULE: _rule(
            ("单元大小", "Module"),
            (
                "二维码每个单元不小于设计所定的毫米数，胸牌不小于0.4毫米",
                "no module is smaller than its design demands; on badges 0.4 mm at the least",
            ),
            "≥ 0.4 mm",
            ("改用较短的网址或较大的尺寸", "use a shorter address or a larger size"),
        ),
        Check.QUIET_ZONE: _rule(
            ("静区", "Quiet zone"),
            ("二维码四周各有4个单元宽的浅色边", "a light border of 4 modules surrounds the code"),
            "ISO/IEC 18004",
            _CORRECT_DESIGN,
        ),
        Check.CODE: _rule(
            ("二维码回读", "Code"),
            (
                "用另一种软件读出，与该件登记的网址完全相同",
                "read back by other software, it says exactly the copy's own address",
            ),
            "ISO/IEC 18004",
            _TELL,
        ),
        Check.STRESS: _rule(
            ("污损试读", "Stress"),
            (
                "模糊0.4个单元、缺损5%、倾斜45度后仍能读出",
                "it is read again after a blur of 0.4 module, with a 5 % hole, and tilted by 45°",
            ),
            "0.4 / 5 % / 45°",
            _TELL,
        ),
        Check.CONTRAST: _rule(
            ("明暗对比", "Contrast"),
            (
                "深色近黑，底色为白或浅金，不反白",
                "near-black on white or light gold, never inverted",
            ),
            "ISO/IEC 18004",
            _CORRECT_DESIGN,
        ),
        Check.BASE_URL: _rule(
            ("网址可印", "Base URL"),
            (
                "网址为公众可访问的 https 地址，只有主机名和路径",
                "the address is a public https one, host and path only",
            ),
            "RFC 3986",
            ("设置公众可访问的 https 网址", "set a public https address"),
        ),
        Check.EXTRACTION: _rule(
            ("文字提取", "Extraction"),
            (
                "从成品文件中提取的文字与记录相同",
                "the text extracted from the finished file is that of the record",
            ),
            "ISO 32000-2",
            _TELL,
        ),
        Check.BLEED: _rule(
            ("出血", "Bleed"),
            (
                "底色和边框延伸到所定的出血线，成品框与出血框正确",
                "the ground reaches the bleed, and the trim and bleed boxes are right",
            ),
            "ISO 32000-2",
            _CORRECT_DESIGN,
        ),
        Check.EMBLEM: _rule(
            ("党徽与印章", "Emblem and seal"),
            (
                "党徽为金色或红色，比例不变，不叠压、不加字；印章不压姓名、职责和二维码",
                "an emblem is gold or red, undistorted, and uncovered; a seal covers no name, duties or code",
            ),
            "《党徽党旗条例》",
            _CORRECT_DESIGN,
        ),
    }
)
