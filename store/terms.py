"""The programme's terms as officers and the public read them, for every room that words a record."""

from store.records import (
    Channel,
    CollectiveKind,
    EndCause,
    Fate,
    Finding,
    Grade,
    NoticeSubject,
    PlatePart,
    PostKind,
    Product,
    Stage,
    Timing,
    Topic,
    VetoCause,
)

PRODUCT_ZH: dict[Product, str] = {
    Product.PLAQUE: "标牌",
    Product.BADGE: "胸牌",
    Product.DESK: "桌牌",
    Product.DOOR: "门牌",
}

STAGE_ZH: dict[Stage, str] = {Stage.CREATION: "创建", Stage.TITLE: "命名"}

PRODUCT_EN: dict[Product, str] = {
    Product.PLAQUE: "plaque",
    Product.BADGE: "badge",
    Product.DESK: "desk plate",
    Product.DOOR: "door plate",
}

STAGE_EN: dict[Stage, str] = {Stage.CREATION: "creation", Stage.TITLE: "title"}

GRADE_ZH: dict[Grade, str] = {
    Grade.VERY_SATISFIED: "非常满意",
    Grade.SATISFIED: "满意",
    Grade.FAIRLY_SATISFIED: "基本满意",
    Grade.DISSATISFIED: "不满意",
    Grade.VERY_DISSATISFIED: "非常不满意",
}

GRADE_EN: dict[Grade, str] = {
    Grade.VERY_SATISFIED: "Very satisfied",
    Grade.SATISFIED: "Satisfied",
    Grade.FAIRLY_SATISFIED: "Fairly satisfied",
    Grade.DISSATISFIED: "Dissatisfied",
    Grade.VERY_DISSATISFIED: "Very dissatisfied",
}

BAD_GRADES = frozenset({Grade.DISSATISFIED, Grade.VERY_DISSATISFIED})
"""差评: the last two of the national five grades, which must be called back and settled."""

TOPIC_ZH: dict[Topic, str] = {
    Topic.RATING: "评价",
    Topic.PLATE_DIFFERS: "牌面不符",
    Topic.NOT_HERE: "此牌不在此处",
    Topic.STILL_DISPLAYED: "仍在悬挂",
    Topic.OTHER: "其他意见",
    Topic.COMPLAINT: "投诉",
    Topic.PRAISE: "表扬",
}

TOPIC_EN: dict[Topic, str] = {
    Topic.RATING: "Rating",
    Topic.PLATE_DIFFERS: "The plate differs",
    Topic.NOT_HERE: "The plate is not here",
    Topic.STILL_DISPLAYED: "Still on display",
    Topic.OTHER: "Other",
    Topic.COMPLAINT: "Complaint",
    Topic.PRAISE: "Praise",
}

PLATE_PART_ZH: dict[PlatePart, str] = {
    PlatePart.NAME: "姓名",
    PlatePart.DUTIES: "工作职责",
    PlatePart.POST: "岗位名称",
    PlatePart.PICTURE: "外观与图片",
    PlatePart.NUMBER: "编号",
    PlatePart.OTHER: "其他",
}

PLATE_PART_EN: dict[PlatePart, str] = {
    PlatePart.NAME: "A name",
    PlatePart.DUTIES: "The duties",
    PlatePart.POST: "The post",
    PlatePart.PICTURE: "How it looks",
    PlatePart.NUMBER: "The number",
    PlatePart.OTHER: "Something else",
}
"""What of a plate may differ, as a form offers it."""

CHANNEL_ZH: dict[Channel, str] = {Channel.SCAN: "扫码", Channel.PAPER: "纸质"}

CHANNEL_EN: dict[Channel, str] = {Channel.SCAN: "Scan", Channel.PAPER: "Paper"}


FINDING_ZH: dict[Finding, str] = {
    Finding.SUBSTANTIATED: "属实",
    Finding.UNSUBSTANTIATED: "不属实",
    Finding.UNVERIFIABLE: "无法查证",
}

FINDING_EN: dict[Finding, str] = {
    Finding.SUBSTANTIATED: "Substantiated",
    Finding.UNSUBSTANTIATED: "Unsubstantiated",
    Finding.UNVERIFIABLE: "Cannot be verified",
}

FATE_ZH: dict[Fate, str] = {Fate.RETURNED: "已交回", Fate.DESTROYED: "已销毁"}

TIMING_ZH: dict[Timing, str] = {
    Timing.EARLY: "早于申报期",
    Timing.IN_WINDOW: "在申报期内",
    Timing.LATE: "晚于申报期",
}

TIMING_EN: dict[Timing, str] = {
    Timing.EARLY: "Before the window",
    Timing.IN_WINDOW: "Within the window",
    Timing.LATE: "After the window",
}

NOTICE_SUBJECT_ZH: dict[NoticeSubject, str] = {
    NoticeSubject.PLANS: "计划安排",
    NoticeSubject.APPLICATIONS: "推荐申报岗位",
}

NOTICE_SUBJECT_EN: dict[NoticeSubject, str] = {
    NoticeSubject.PLANS: "Plans",
    NoticeSubject.APPLICATIONS: "Recommended posts",
}

VETO_CAUSE_ZH: dict[VetoCause, str] = {
    VetoCause.GRAVE_BREACH: "岗位出现了重大违法违纪、违反党和国家政策的人或事",
    VetoCause.GRAVE_ACCIDENT: "在管理和服务中发生重大责任事故",
    VetoCause.SUBSTANTIATED_COMPLAINT: "发生群众反映强烈，经查证情况属实的不良现象或事件",
    VetoCause.GRAVE_HARM_TO_IMAGE: "其它严重影响“共产党员示范岗”形象的情况",
}

VETO_CAUSE_EN: dict[VetoCause, str] = {
    VetoCause.GRAVE_BREACH: "a grave breach of law, discipline or policy in the post",
    VetoCause.GRAVE_ACCIDENT: "a grave accident through negligence in management or service",
    VetoCause.SUBSTANTIATED_COMPLAINT: "strong complaints from the public, found to be substantiated",
    VetoCause.GRAVE_HARM_TO_IMAGE: "anything else that gravely harms the programme's image",
}

END_CAUSE_ZH: dict[EndCause, str] = {EndCause.TERM_OVER: "届满", EndCause.STOPPED: "停止创建"}

END_CAUSE_EN: dict[EndCause, str] = {EndCause.TERM_OVER: "its term is over", EndCause.STOPPED: "stopped"}

CONSENT_ZH: dict[str, str] = {
    "F5": "超额设岗",
    "F6": "在申报期外申报",
    "F26": "未经公示批准",
    "F35": "未报备方案即申报",
}
"""What the committee consented to, by the clause it waived."""

CONSENT_EN: dict[str, str] = {
    "F5": "above the quota",
    "F6": "outside the window",
    "F26": "without a public notice",
    "F35": "without the branch's plan",
}

ACT_ZH: dict[str, str] = {
    "apply": "申报",
    "approve": "批准",
    "award": "命名授牌",
    "issue": "制发标牌",
    "return": "交回或销毁",
    "lost": "挂失",
    "leave": "成员调离",
    "veto": "一票否决",
    "feedback": "群众意见",
    "add to feedback": "群众补充意见",
    "paper feedback": "录入纸质意见",
    "report forgery": "反映疑似伪造",
    "answer forgery": "答复疑似伪造",
    "re-rate": "群众再次评价",
    "call back": "回访",
    "settle": "办结答复",
    "read contact": "查看联系方式",
    "investigate": "查证",
    "adjust": "岗位调整",
    "correct veto": "更正一票否决",
    "damaged": "登记损坏",
    "end": "岗位停用",
    "file plan": "报备方案",
    "object": "公示意见",
    "place": "悬挂登记",
    "post notice": "公示",
    "send back": "退回申报",
    "settle objection": "答复公示意见",
    "add officer": "开设账号",
    "change officer": "更改角色或单位",
    "disable officer": "停用账号",
    "invite officer": "发送账号邀请",
    "grant token": "发放接口令牌",
    "revoke token": "撤回接口令牌",
    "take invitation": "接受账号邀请",
    "change password": "修改密码",
    "add second factor": "启用验证码",
    "end second factor": "停用验证码",
    "bind identity": "绑定统一身份",
    "unbind identity": "解除统一身份绑定",
    "add organisation": "登记组织",
    "rename organisation": "组织更名",
    "decide policy": "更改政策",
    "word text": "更改公开文字",
    "back up": "下载备份",
    "inspect": "检查评比",
    "survey": "满意度测评",
    "assess": "季度考核",
    "correct assessment": "更正考核",
    "rectify": "下达整改",
    "close rectification": "整改了结",
    "commit": "公开承诺",
    "deed": "先进事迹",
    "supervise": "督查指导",
    "summary": "年度总结",
    "attach": "收存附件",
    "add webhook": "登记通知接收方",
    "end webhook": "停用通知接收方",
}
"""The acts, as the log names them."""

ACT_EN: dict[str, str] = {
    "apply": "Application",
    "approve": "Approval",
    "award": "Award",
    "issue": "Plates issued",
    "return": "Returned or destroyed",
    "lost": "Reported lost",
    "leave": "Member left",
    "veto": "Veto",
    "feedback": "Message",
    "add to feedback": "Addition to a message",
    "paper feedback": "Paper message entered",
    "report forgery": "Suspected forgery",
    "answer forgery": "Forgery answered",
    "re-rate": "Rated again",
    "call back": "Call-back",
    "settle": "Settled",
    "read contact": "Contact read",
    "investigate": "Investigation",
    "adjust": "Post adjusted",
    "correct veto": "Veto corrected",
    "damaged": "Damage entered",
    "end": "Post ended",
    "file plan": "Plan filed",
    "object": "Objection",
    "place": "Place entered",
    "post notice": "Public notice",
    "send back": "Sent back",
    "settle objection": "Objection answered",
    "add officer": "Account opened",
    "change officer": "Role or branch changed",
    "disable officer": "Account closed",
    "invite officer": "Invitation sent",
    "grant token": "Token granted",
    "revoke token": "Token revoked",
    "take invitation": "Invitation taken",
    "change password": "Password changed",
    "add second factor": "Codes turned on",
    "end second factor": "Codes turned off",
    "bind identity": "Identity bound",
    "unbind identity": "Identity unbound",
    "add organisation": "Organisation entered",
    "rename organisation": "Organisation renamed",
    "decide policy": "Policy changed",
    "word text": "Public words changed",
    "back up": "Backup downloaded",
    "inspect": "Inspection",
    "survey": "Survey",
    "assess": "Assessment",
    "correct assessment": "Assessment corrected",
    "rectify": "Rectification ordered",
    "close rectification": "Rectification closed",
    "commit": "Public promise",
    "deed": "Deed",
    "supervise": "Supervision",
    "summary": "Year's summary",
    "attach": "File kept",
    "add webhook": "Webhook added",
    "end webhook": "Webhook ended",
}

KIND_ZH: dict[PostKind, str] = {PostKind.INDIVIDUAL: "个人", PostKind.COLLECTIVE: "集体"}

KIND_EN: dict[PostKind, str] = {PostKind.INDIVIDUAL: "Individual", PostKind.COLLECTIVE: "Collective"}

COLLECTIVE_ZH: dict[CollectiveKind, str] = {
    CollectiveKind.OFFICE: "办公室",
    CollectiveKind.SERVICE_POST: "服务岗位",
    CollectiveKind.BRANCH: "支部",
}

COLLECTIVE_EN: dict[CollectiveKind, str] = {
    CollectiveKind.OFFICE: "Office",
    CollectiveKind.SERVICE_POST: "Service post",
    CollectiveKind.BRANCH: "Branch",
}


FIELD_ZH: dict[str, str] = {
    "name": "岗位名称",
    "kind": "岗位类型",
    "collective_kind": "集体类型",
    "place": "岗位地点",
    "duties": "工作职责",
    "members": "党员姓名",
    "other_staff": "其他人员",
    "commitment": "公开承诺",
}
"""The fields of a post's content, as rosters head their columns."""

FIELD_EN: dict[str, str] = {
    "name": "Post",
    "kind": "Kind",
    "collective_kind": "Kind of collective",
    "place": "Place",
    "duties": "Duties",
    "members": "Members",
    "other_staff": "Other staff",
    "commitment": "Promise",
}


def plate_kind_zh(product: Product, stage: Stage) -> str:
    """Return what a printed thing is, such as 创建标牌 or 命名胸牌."""
    return f"{STAGE_ZH[stage]}{PRODUCT_ZH[product]}"


def plate_kind_en(product: Product, stage: Stage) -> str:
    """Return what a printed thing is, such as creation plaque or title badge."""
    return f"{STAGE_EN[stage]} {PRODUCT_EN[product]}"
