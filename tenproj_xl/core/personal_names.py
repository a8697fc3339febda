"""Names of people: a surname and one or two characters."""

import re

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢傅"
    "钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    "骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦岑景党宫费卜冷晏席卫米柏宗"
    "瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原"
)
"""The more common ones, which nearly everybody has."""
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|端木|南宫|西门|呼延|独孤"
_NAME = re.compile(rf"(?:{_COMPOUND})[㐀-鿿]{{1,2}}|[{_SURNAMES}][㐀-鿿]{{1,2}}")
_POSTS = (
    *("区委", "县委", "市委", "常务", "常委", "副", "区长", "县长", "市长", "镇长", "主任", "书记"),
    *("局长", "部长", "秘书长", "主席", "组长", "总经理", "董事长", "同志"),
)
"""What stands behind a name, one or several."""


def is_personal_name(text: str) -> bool:
    """Return whether a text looks like the name of a person and nothing else."""
    return bool(_NAME.fullmatch(text))


def without_post(text: str) -> str:
    """Return the name of a person without the post behind it, any other text as it is."""
    end = len(text)
    while post := next((post for post in _POSTS if text.endswith(post, 0, end)), ""):
        end -= len(post)
    if is_personal_name(text[:end]):
        return text[:end]
    return text
