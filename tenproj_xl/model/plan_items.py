"""The lines of 方案 in 工作计划.xlsx."""

from tenproj_xl.core.answers import DecisionLevel

PROGRAMME_ITEMS = {
    "code": "方案代码",
    "region": "地区",
    "name": "方案名称",
    "document": "文件名称",
    "document_no": "文号",
    "first_year": "起始年",
    "last_year": "终止年",
    "convener": "总召集人",
    "office": "办公室",
    "contact": "联系方式",
    "rank": "排名栏名称",
    "ranked": "参加排名数",
    "level_task_force": "层级一（专班）",
    "level_office": "层级二（办公室）",
    "level_head": "层级三（领导小组）",
    "level_executive_meeting": "层级四（常务会议）",
    "level_district_committee": "层级五（党委）",
    "level_superior": "层级六（上级）",
}
"""The lines of 方案 by field."""
LEVEL_ITEMS = {level: PROGRAMME_ITEMS[f"level_{level}"] for level in DecisionLevel}
"""The lines that say what the levels of decision are called."""
