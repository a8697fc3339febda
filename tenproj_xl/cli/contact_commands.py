"""The commands about the address book."""

from pathlib import Path

import click

from tenproj_xl.cli.console import Commands, existing_file
from tenproj_xl.cli.output import tell, workspace_of


@click.group(cls=Commands)
def contacts() -> None:
    """通讯录。"""


@contacts.command("import")
@click.argument("file", metavar="文件", type=existing_file)
@click.pass_context
def contacts_import(ctx: click.Context, file: Path) -> None:
    """把手机、邮箱导出的通讯录（.vcf 或 .csv）加进“通讯录.xlsx”；已有的人不改，原来的留在“备份”文件夹。

    \b
    例：tenproj contacts import 联系人.vcf
        tenproj contacts import 联系人.csv
    """
    from tenproj_xl.app.contacts import import_contacts
    from tenproj_xl.app.office_clock import office_now
    from tenproj_xl.cli.contact_text import imported_json, imported_lines

    workspace = workspace_of(ctx)
    done = import_contacts(workspace, file, office_now(workspace))
    tell(ctx, imported_json(done, workspace), imported_lines(done, workspace))
