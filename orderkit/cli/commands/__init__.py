"""Which commands there are, one module each; none is loaded from here.

A command's module is named like the command (`import_` for `import`) and defines either a function
of the module's name, which becomes the command, or a typer `app` for a group of commands. A new
command is such a module and a line in `COMMANDS`; its help must end in an example.
"""

from dataclasses import dataclass

from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True)
class Command:
    """A command's module in this folder, and the one line that `orderkit --help` shows."""

    module: str
    summary: Label


COMMANDS = {
    "new": Command("new", label(zh="新建项目", en="Begin a project")),
    "infer": Command(
        "infer", label(zh="根据客户的表格提出表单", en="Propose forms for the workbooks of a client")
    ),
    "check": Command(
        "check", label(zh="检查项目，逐条列出问题", en="Check a project and list every finding")
    ),
    "fmt": Command("fmt", label(zh="整理 YAML 文件的版式", en="Lay YAML files out, keeping every comment")),
    "test": Command(
        "test", label(zh="运行场景测试", en="Play the scenarios by which a project tests itself")
    ),
    "simulate": Command(
        "simulate",
        label(zh="试走流程，不保存任何内容", en="Walk a record through a workflow; nothing is stored"),
    ),
    "plan": Command(
        "plan",
        label(zh="说明一次修改对人、数据和外部系统的影响", en="Show what a change means for people and data"),
    ),
    "build": Command(
        "build",
        label(zh="检查并生成迁移与部署包", en="Check, then write the next migration and the artifact"),
    ),
    "migrate": Command(
        "migrate", label(zh="把数据库升级到部署包的结构", en="Bring a database to the artifact")
    ),
    "serve": Command("serve", label(zh="运行应用", en="Run the app")),
    "worker": Command("worker", label(zh="单独运行后台任务", en="Run background jobs beside `serve`")),
    "doctor": Command(
        "doctor",
        label(
            zh="检查数据库与附件是否完好", en="Look whether database and attachments are as they should be"
        ),
    ),
    "backup": Command("backup", label(zh="备份数据库与附件", en="Back up the database and its attachments")),
    "restore": Command("restore", label(zh="从备份恢复", en="Restore a backup, or verify one")),
    "import": Command(
        "import_", label(zh="按映射导入表格", en="Import sheets through a mapping of the project")
    ),
    "export": Command("export", label(zh="把记录导出为表格或 JSON", en="Write records to a sheet or JSON")),
    "workflow": Command("workflow", label(zh="导出流程日志", en="The log of a workflow, for process mining")),
    "demo": Command("demo", label(zh="装入示例数据与人员", en="Load sample people and data")),
    "user": Command(
        "user", label(zh="人员、角色、令牌与登录链接", en="People, roles, tokens, sign-in links")
    ),
    "department": Command("department", label(zh="部门与负责人", en="Departments and who heads them")),
    "access": Command(
        "access", label(zh="谁可以做什么", en="Show what each role may do with forms and fields")
    ),
    "audit": Command("audit", label(zh="核对审计记录", en="Verify that the audit is as it was written")),
    "schema": Command(
        "schema", label(zh="输出 YAML 的 JSON Schema", en="Write the JSON Schemas of the YAML files")
    ),
    "diagram": Command(
        "diagram", label(zh="把流程画成图，或输出 BPMN 2.0", en="Draw a workflow, or write it as BPMN 2.0")
    ),
    "import-bpmn": Command(
        "import_bpmn", label(zh="把 BPMN 2.0 的图读成流程", en="Read a diagram of BPMN 2.0 as a workflow")
    ),
    "lsp": Command("lsp", label(zh="供编辑器使用的语言服务器", en="The language server that editors start")),
    "eject": Command(
        "eject",
        label(
            zh="复制一个页面模板到项目里来改", en="Copy a template of a page into the project, to change it"
        ),
    ),
    "explain": Command(
        "explain",
        label(zh="解释一个代码，附错误与正确的例子", en="Explain a code, with a wrong and a right example"),
    ),
    "version": Command("version", label(zh="显示版本", en="Show the version")),
}
