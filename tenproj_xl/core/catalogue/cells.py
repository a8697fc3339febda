"""Rules about what a single cell holds."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class CellRules:
    """Rules about what a single cell holds."""

    ERROR_VALUE = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="公式出错",
        text="单元格显示为“{found}”，这里请{advice}。",
        why="公式出错，格里没有数；按空白算会误报，所以这一行先不收。",
        is_fixed=True,
    )
    NOT_NUMBER = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="不是数字",
        text="填了“{found}”，这里请{advice}；还没有数的请空着。",
        why="文字不能比较、不能相加；情况说明请写在备注里。",
        is_fixed=True,
    )
    NOT_DATE = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="不是日期",
        text="填了“{found}”，这里请{advice}。",
        why="日期用来判断是否逾期，认不出就无法判断。",
        is_fixed=True,
    )
    NOT_PERIOD = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="不是所属期",
        text="填了“{found}”，这里请{advice}。",
        why="不知道是哪一期的数，就不知道该和哪个目标比。",
        is_fixed=True,
    )
    NOT_CHOICE = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="不在选项内",
        text="填了“{found}”，请从下拉选项中选择：{advice}。",
        why="统一的说法才能汇总统计；选项之外的情况请写在说明类的栏目里。",
        is_fixed=True,
    )
    OUT_OF_BOUNDS = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="超出范围",
        text="填了“{found}”，应{expected}，请核对。",
        why="超出了这一栏可能的范围，多半是填错了位数或填错了格。",
    )
    TOO_LONG = Rule(
        gate=Gate.CELLS,
        severity=Severity.ERROR,
        title="文字过长",
        text="共{found}字，超过{expected}字的上限，请压缩。",
        why="太长的文字在汇总表上显示不全，领导也看不完；请留最要紧的。",
        is_fixed=True,
    )
    UNIT_GUESSED = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="单位换算",
        text="填了“{found}”，已按计量单位记为{expected}，请核对。",
        why="数字后面带了单位，按计量单位换算过，请看一眼换算得对不对。",
        is_guess=True,
    )
    YEAR_GUESSED = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="年份推断",
        text="填了“{found}”，年份不全，已记为{expected}，请核对。",
        why="日期没有写年份，按本期推断；跨年时可能推错。",
        is_guess=True,
    )
    READ_ROUGHLY = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="约数",
        text="填了“{found}”，已记为{expected}，请核对；以后请填写准确的数字或日期。",
        why="约数已按写出的数接收；汇总表要的是准确数。",
        is_guess=True,
    )
    TEXT_ALTERED = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="文字被自动改动",
        text="这里现为“{found}”，可能是填写后被表格软件自动改成了{expected}，请核对；改填时请先把单元格设为文本格式。",
        why="表格软件会把1-2之类自动改成日期，原来写的可能已经不在了。",
        is_guess=True,
    )
    SAME_AS_ABOVE = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="写了同上",
        text="填了“{found}”，汇总后各行另有次序，看不出指的是哪一行，请写出具体内容。",
        why="汇总表把各专班的行排在一起，“同上”的上一行已不是原来那一行。",
        is_guess=True,
    )
    IDENTITY_NUMBER = Rule(
        gate=Gate.CELLS,
        severity=Severity.WARNING,
        title="含身份证号",
        text="“{expected}”里有身份证号，汇总后会有多人看到，请删去；只写姓名和职务即可。",
        why="身份证号是个人隐私，填报表和汇总表要经多人传阅，工作上只需要姓名和职务。",
    )
