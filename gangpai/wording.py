"""What the command calls the register's terms in Chinese."""

from store.records import Grade, Product, Stage, Topic

PRODUCT_ZH: dict[Product, str] = {
    Product.PLAQUE: "标牌",
    Product.BADGE: "胸牌",
    Product.DESK: "桌牌",
    Product.DOOR: "门牌",
}

STAGE_ZH: dict[Stage, str] = {Stage.CREATION: "创建", Stage.TITLE: "命名"}

GRADE_ZH: dict[Grade, str] = {
    Grade.VERY_SATISFIED: "非常满意",
    Grade.SATISFIED: "满意",
    Grade.FAIRLY_SATISFIED: "基本满意",
    Grade.DISSATISFIED: "不满意",
    Grade.VERY_DISSATISFIED: "非常不满意",
}

TOPIC_ZH: dict[Topic, str] = {
    Topic.RATING: "评价",
    Topic.PLATE_DIFFERS: "牌面不符",
    Topic.NOT_HERE: "此牌不在此处",
    Topic.STILL_DISPLAYED: "仍在悬挂",
    Topic.OTHER: "其他意见",
}
