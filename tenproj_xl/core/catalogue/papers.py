"""Rules about what the office gives out: papers that leaders were handed."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class PaperRules:
    """Rules about what the office gives out: papers that leaders were handed."""

    PAPER_FIGURE_NOT_OURS = Rule(
        gate=Gate.PAPERS,
        severity=Severity.WARNING,
        title="印发稿里有台账没有的数",
        text="“{found}”在台账里没有{instead}；确有此数的，请让有关单位更正填报，否则下次生成的材料与印发稿对不上。",
        why="领导手里的数要在台账里查得到出处；手工改的数，下一期又会变回去。",
        is_fixed=True,
    )
    PAPER_SCAN_NOT_READ = Rule(
        gate=Gate.PAPERS,
        severity=Severity.WARNING,
        title="扫描件没有读",
        text="扫描件只存档，里面的数没有读、没有核对；请把工作簿或文稿一并登记。",
        why="图片和 PDF 里的数不能可靠地读出来，登记了也不等于核对过。",
        is_fixed=True,
    )
    PAPER_NUMBER_DIFFERS = Rule(
        gate=Gate.PAPERS,
        severity=Severity.WARNING,
        title="印的期数与登记的不同",
        text="这份上印的是“{found}”，登记为“{expected}”；请核对期数，必要时换发。",
        why="期数按系列在一年内连续编号，一个号只能有一份。",
        is_fixed=True,
    )
    PAPER_NOT_SIGNED = Rule(
        gate=Gate.PAPERS,
        severity=Severity.WARNING,
        title="印发的是送审稿",
        text="这份上还印着“{found}”，已按印发稿登记；以后请先加 --final 签发人 生成签发稿再印发。",
        why="印发的应是签发过的一份；登记的是实际发出去的，所以照样登记。",
        is_fixed=True,
    )
