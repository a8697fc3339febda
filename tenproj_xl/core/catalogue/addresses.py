"""Rules about the address book."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class AddressRules:
    """Rules about the address book."""

    ADDRESS_UNIT = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="通讯录单位不认识",
        text="“{found}”不在工作计划的“单位”表中，请核对名称，或先在工作计划登记。",
        why="认不出是哪个单位，就不知道哪些表发给这位联络员。",
        is_fixed=True,
    )
    ADDRESS_FORCE = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="通讯录专班不认识",
        text="“{found}”不是{expected}所在的专班，请填写专班编号，如 03；这个单位的都归这一位的，留空。",
        why="专班填错了，表会发给别人。",
        is_fixed=True,
    )
    ADDRESS_SYNTAX = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="邮箱地址格式",
        text="“{found}”不是邮箱地址，请照 name@example.com 的样子填写；几个地址用顿号隔开。",
        why="地址写错了，信发不出去，或者发给别人。",
        is_fixed=True,
    )
    ADDRESS_DATES = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="联络员日期颠倒",
        text="“{found}”的终止日期早于起始日期{expected}，请改正其中一个。",
        why="日期颠倒了，就不知道这几天该找谁。",
        is_fixed=True,
    )
    ADDRESS_LEADER = Rule(
        gate=Gate.PLAN,
        severity=Severity.ERROR,
        title="领导不作联络员",
        text="“{found}”是{expected}，信函不发给领导，请改填承办科室的联络员；同名的，写明科室，如“{found}（办公室）”。",
        why="催报、更正的信由办公室发给经办的人；要报领导的，由人来报。",
        is_fixed=True,
    )
    ADDRESS_MISSING = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="没有邮箱地址",
        text="“{found}”的渠道是邮件，没有发送地址，请补填；不用邮件的，改填渠道。",
        why="没有地址，信只能由办公室另想办法送。",
        is_fixed=True,
    )
    ADDRESS_SHARED = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="几个单位同一地址",
        text="{found}同时登记给{expected}，从这个地址来的表分不清是哪个单位的，请核对；确实共用的不必改。",
        why="收表时按地址核对是谁发来的。",
        is_fixed=True,
    )
    ADDRESS_TWICE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="A岗重复",
        text="“{found}”和“{expected}”同时是同一处的A岗，信只发给排在前面的一位；"
        "请把一位改为B岗，或填写前一位的终止日期。",
        why="一处只有一位A岗，信才有人负责。",
        is_fixed=True,
    )
    ADDRESS_EXPIRED = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="A岗已到期",
        text="{expected}的A岗“{found}”已于{after}到期，{advice}；请登记接任的人。",
        why="联络员换了没有登记，信就没有人收。",
        is_fixed=True,
    )
    ADDRESS_NONE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="没有联络员",
        text="{found}没有联络员，信只写到{expected}；请在通讯录登记。",
        why="没有联络员，就不知道表发给谁、催谁。",
        is_fixed=True,
    )
    ADDRESS_SECTION = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="科室不在通讯录",
        text="{expected}“{found}”在通讯录里没有在任的联络员，它的表先发给本单位的其他联络员；"
        "请在通讯录登记，或改正科室名称{advice}。",
        why="科室写错了或没有登记，表就到不了承办的人手里。",
        is_fixed=True,
    )
    ADDRESS_NO_PHONE = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="没有写找谁",
        text="填报表和信里都没有写有事找谁：请在“工作计划.xlsx”的“方案”表填“联系方式”，写值班电话和科室。",
        why="收信的人有疑问，要有电话可打。",
        is_fixed=True,
    )
    PLAN_LIAISON_APART = Rule(
        gate=Gate.PLAN,
        severity=Severity.WARNING,
        title="联络员登记了两处",
        text="联络员以“{expected}”为准，“人员”表里的“{found}”不再使用，请删去这一行。",
        why="联络员只登记一处，换人时才不会改了一处、漏了一处。",
        is_fixed=True,
    )
