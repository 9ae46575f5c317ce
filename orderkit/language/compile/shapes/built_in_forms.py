"""The forms that every project has, written in the language itself. `extend` adds fields to them."""

from collections.abc import Mapping

BUILT_IN_FORMS: Mapping[str, str] = {
    "department": """
form: department
label: {zh: 部门, en: Department}
title: "{name}"
fields:
  name:    {type: text, label: {zh: 部门名称, en: Name}, required: true}
  parent:  {type: ref, to: department, label: {zh: 上级部门, en: Parent}, reverse: children}
  head:    {type: user, label: {zh: 负责人, en: Head}}
  manager: {type: user, label: {zh: 分管领导, en: Manager}}
list: {columns: [name, parent, head, manager], sort: name}
""",
    "user": """
form: user
label: {zh: 用户, en: User}
title: "{name}"
fields:
  login:      {type: text, label: {zh: 登录名, en: Login}, required: true, unique: true}
  name:       {type: text, label: {zh: 姓名, en: Name}, required: true}
  email:      {type: text, label: {zh: 邮箱, en: E-mail}}
  phone:      {type: text, label: {zh: 手机, en: Phone}, pii: true}
  department: {type: ref, to: department, label: {zh: 部门, en: Department}, reverse: members}
  manager:    {type: user, label: {zh: 直属主管, en: Manager}}
  active:     {type: boolean, label: {zh: 启用, en: Active}, default: true}
  locale:
    type: choice
    label: {zh: 界面语言, en: Language}
    options:
      zh-CN: {zh: 中文, en: Chinese}
      en: {zh: 英文, en: English}
list: {columns: [login, name, department, manager, active], filters: [department, active], sort: login}
""",
}
