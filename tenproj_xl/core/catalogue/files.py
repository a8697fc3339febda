"""Rules about whether a file can be read."""

from tenproj_xl.core.catalogue.rule import Gate, Rule, Severity


class FileRules:
    """Rules about whether a file can be read."""

    FILE_EMPTY = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="空文件",
        text="文件是空的（0字节），可能没有传完，请重新发送。",
        why="附件没有传完，里面没有任何内容可收；整份等重新发送。",
        is_fixed=True,
    )
    FILE_TRUNCATED = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文件损坏",
        text="文件不完整或已损坏，打不开，请在WPS或Excel中另存为.xlsx后重新发送。",
        why="文件缺了一截，读出来的数可能不对，宁可不收；整份等重新发送。",
        is_fixed=True,
    )
    FILE_ENCRYPTED = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文件加密",
        text="文件设了打开密码，请取消密码后重新发送，或将打开密码告知{office}。",
        why="不知道密码就看不到内容；办公室可将常用密码登记在“打开密码.xlsx”，登记后自动打开。",
        is_fixed=True,
    )
    FILE_KIND = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="不是表格文件",
        text="这是{found}，不是可以读取的表格，请发送填好的填报表（.xlsx）。",
        why="文档里的数要靠人重新录入，容易出错；与填报表一起发来的文档会存档，单独发来的不收。",
        is_fixed=True,
    )
    FILE_LIMITS = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文件异常",
        text="{found}，超出正常填报表的范围，未予读取；请用原填报表重新填写后发送。",
        why="内容远超一张填报表，多半是误操作或异常文件；为保护收件的电脑，不去读取。",
        is_fixed=True,
    )
    FILE_OVERSIZE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文件过大",
        text="{found}，不会是填报表，没有收取、存档，仍在原处；里面装有填报表的，请取出来单独放进收件夹，其余的请移走。",
        why="正常填报表不到0.1MB；这么大的文件只看大小，不读取，也不占用存档。",
        is_fixed=True,
    )
    FILE_FOREIGN = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="无关文件",
        text="这是{found}，不是填报表，也不是随表的材料，没有收取、存档，仍在原处；请从收件夹里移走。",
        why="音频、视频和程序里没有可收的数；只看开头几个字节，不读取，也不占用存档。",
        is_fixed=True,
    )
    FILE_REMOVED = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="已清除的文件",
        text="这份文件已按规定清除（依据：{found}），没有收取、存档，仍在原处；请从收件夹里删去，要报的内容请单位另填一份。",
        why="清除以后又收进来，等于没有清除。",
        is_fixed=True,
    )
    FILE_CHANGING = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文件在变化",
        text="文件在读取时变了，可能还在传输，这次没有收取，仍在原处；请等传完再运行一次。",
        why="先后两次读到的内容不同，收哪一次都可能不对。",
        is_fixed=True,
    )
    FILE_LONG_TEXT = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="文本过长",
        text="这是{found}的纯文本，不会是填报表，没有读取；请发送填好的填报表（.xlsx）。",
        why="另存成文本的填报表不到0.1MB；更长的多半是别的材料或日志。",
        is_fixed=True,
    )
    FILE_UNREACHED = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="没有读到",
        text="同一个压缩包或邮件里的文件太多、太大，没有读到这一个；请把填报表单独发送。",
        why="一个压缩包或一封邮件连同里面的所有文件，读取总量有上限，免得耽误其他单位的回表；先读到的照常接收。",
        is_fixed=True,
    )
    FILE_LATER = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="电脑太忙",
        text="这台电脑这会儿太忙，没有读完这个文件，这次没有收取，仍在原处；请过一会儿再运行一次。",
        why="同时运行的程序太多，读取迟迟轮不到；文件本身不一定有问题，不退回。",
        is_fixed=True,
    )
    FILE_UNREADABLE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="读取失败",
        text="{found}，请在WPS或Excel中打开原表，另存为.xlsx后重新发送。",
        why="文件结构有误，读出来的数靠不住；另存一次通常就好。",
        is_fixed=True,
    )
    FILE_RESAVE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="需要另存",
        text="这是{found}，不能直接读取，请在WPS或Excel中打开，另存为.xlsx后重新发送。",
        why="这种格式没有可靠的读法；在原来的软件里另存为.xlsx，数不会变。",
        is_fixed=True,
    )
    FILE_ARCHIVE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="压缩包打不开",
        text="这是{found}，没有打开，请解压后直接发送里面的填报表（.xlsx）。",
        why="压缩包加密、损坏或层数太多，里面的表取不出来。",
        is_fixed=True,
    )
    FILE_MAIL = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="附件取不出来",
        text="这是{found}，里面的附件取不出来，请把附件另存出来单独发送。",
        why="邮件不完整，附件可能缺了一截，取出来的数靠不住。",
        is_fixed=True,
    )
    CLASSIFIED = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="带密级标志",
        text="文件带有密级标志，没有收取、存档，原样留在收件夹；请按保密规定处置，涉密内容不得通过本表报送。",
        why="本系统是非涉密系统。带密级标志的文件，整份（压缩包、邮件连同里面的附件）一概不读取、不存档、不引用。",
        is_fixed=True,
    )
    SCAN_ALONE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="只有扫描件",
        text="已收到盖章扫描件，请再发送填报表电子表格（.xlsx）。",
        why="扫描件和图片里的数要靠人重新录入，容易出错；扫描件存档备查，数以电子表格为准。",
        is_fixed=True,
    )
    SENDER_OTHER_UNIT = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="来源待核实",
        text="这是{expected}的表，却从{near}登记的邮箱地址{found}发来，没有计入，请先电话核实。",
        why="一个单位的数要由这个单位报；从别的单位发来的，先由办公室核实来源。",
        is_fixed=True,
        is_for_office=True,
    )
    SENDER_CHANGES = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="代报会改动原数",
        text="这是{expected}的表，由{near}（{found}）代发，会改动{expected}已经报来的内容，没有计入，"
        "请先电话核实。",
        why="牵头单位可以代收代发，但成员单位自己报来的数，不经核实不能由别人改。",
        is_fixed=True,
        is_for_office=True,
    )
    STRANGER_CHANGES = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="他单位会改动原数",
        text="这是{expected}的表，填报单位写的是“{found}”，不在本专班，会改动{expected}已经报来的内容，没有计入，"
        "请先电话核实。",
        why="填报单位可能只是封面写错，也可能填错了表；已经报来的数，不经核实不能由本专班以外的单位改。",
        is_fixed=True,
        is_for_office=True,
    )
    SENDER_UNKNOWN = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="来件地址未登记",
        text="{found}没有登记在通讯录，已按{expected}的表计入，回信仍发登记的联络员，请他核对。",
        why="回信发给登记的联络员，不是本单位发来的，他就会知道。",
        is_fixed=True,
        is_for_office=True,
    )
    NOTHING_INSIDE = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="没有附填报表",
        text="{found}，没有找到填报表，请附上填好的填报表（.xlsx）后重新发送。",
        why="来件里没有表格，多半是漏了附件；本期仍按未报处理。",
        is_fixed=True,
    )
    MAIL_WORDS = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="邮件里只有话",
        text="邮件没有附件，写的是“{found}”，没有计入。答复疑问的，请填在填报表那一行的“核实说明”里发回；报送填报表的，请附上填好的填报表（.xlsx）。",
        why="邮件里的话对不准是哪一行，不能替单位填；也可能是在答复疑问，请办公室看一眼。",
        is_fixed=True,
    )
    TEXT_LOST = Rule(
        gate=Gate.FILE,
        severity=Severity.ERROR,
        title="汉字丢失",
        text="文件中的汉字都变成了问号，不能核对，未接收；请打开原填报表，在WPS或Excel中另存为.xlsx后重新发送。",
        why="另存时用了不支持汉字的编码，名称和说明都已丢失，对不出是哪一行。",
        is_fixed=True,
    )
    MACROS_IGNORED = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="带有宏",
        text="文件带有宏，没有运行，只读取了单元格的内容；请用下发的填报表（.xlsx）填写。",
        why="收件时不运行任何宏，靠宏算出来的数按保存时的样子读取。",
    )
    LINKS_IGNORED = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="引用其他文件",
        text="文件引用了其他文件，按保存时的数读取，没有更新，请核对引用来的数。",
        why="其他文件不在手边，引用来的数可能已经过时，请填报单位自己核对。",
    )
    FILE_CONVERTED = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="转换后读取",
        text="这是{found}，已转换后读取，请核对；以后请发送.xlsx。",
        why="旧格式先转换再读，个别格式可能走样；直接发送.xlsx最稳妥。",
    )
    TEXT_ROUGH = Rule(
        gate=Gate.FILE,
        severity=Severity.WARNING,
        title="文字不全",
        text="文件中有认不出的字符，已记为“�”，请核对；以后请发送.xlsx。",
        why="文件用了少见的文字编码，个别字认不出；认不出的字不去猜。",
    )
