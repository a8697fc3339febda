"""Themes of good practice: what a text is about, by the words in it."""

from collections.abc import Mapping, Sequence

from tenproj_xl.core.codes import LabelledCode


class Theme(LabelledCode):
    """What good practice is about; the order is that of the sheet."""

    SUPPORT = "support", "要素保障"
    INVESTMENT = "investment", "招商引资"
    BUILDING = "building", "项目建设"
    INNOVATION = "innovation", "科技创新"
    DIGITAL = "digital", "数字赋能"
    SERVICE = "service", "民生服务"
    MECHANISM = "mechanism", "工作机制"
    OTHER = "other", "其他"


_WORDS: Mapping[Theme, Sequence[str]] = {
    Theme.SUPPORT: ("用地", "拿地", "土地", "征迁", "腾房", "资金", "贷款", "融资", "专项债", "能耗", "审批"),
    Theme.INVESTMENT: ("招商", "签约", "引进", "落户", "外资", "客商"),
    Theme.BUILDING: ("开工", "竣工", "封顶", "投产", "施工", "建成", "投用", "工期"),
    Theme.INNOVATION: ("专利", "研发", "实验室", "人才", "高新技术", "成果转化", "科创"),
    Theme.DIGITAL: ("数字", "数据", "智能", "线上", "系统", "平台", "一网"),
    Theme.SERVICE: ("养老", "托育", "托位", "就业", "医疗", "教育", "住房", "社区", "群众", "居民", "救助"),
    Theme.MECHANISM: ("机制", "会商", "例会", "通报", "专班", "清单", "联审", "调度", "销号", "包干"),
}


def theme_of(text: str) -> Theme:
    """Return the theme that most of the known words in a text belong to, of several the first."""
    counts = {theme: sum(word in text for word in words) for theme, words in _WORDS.items()}
    best = max(counts, key=lambda theme: counts[theme])
    if not counts[best]:
        return Theme.OTHER
    return best
