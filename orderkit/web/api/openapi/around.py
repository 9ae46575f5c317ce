"""What can be called around a record: comments, following, the bin."""

from collections.abc import Callable
from typing import Any

from orderkit.model.labels import Label, label
from orderkit.web.api.openapi.parts import items_of, json_of, reference

Operation = Callable[..., dict[str, Any]]

SAYINGS: dict[str, Label] = {
    "comments": label(zh="{}的评论", en="Comments: {}"),
    "comment": label(zh="评论{}", en="Comment on: {}"),
    "comment_update": label(zh="修改{}的评论", en="Change a comment: {}"),
    "comment_delete": label(zh="删除{}的评论", en="Remove a comment: {}"),
    "comment_file": label(zh="上传评论附件：{}", en="Upload a file for a comment: {}"),
    "following": label(zh="是否关注{}", en="Whether it is followed: {}"),
    "follow": label(zh="关注{}", en="Follow: {}"),
    "leave": label(zh="取消关注{}", en="Follow no more: {}"),
    "bin": label(zh="{}的回收站", en="Bin: {}"),
    "deleted": label(zh="读取回收站中的{}", en="Read in the bin: {}"),
    "restore": label(zh="恢复{}", en="Restore: {}"),
}
_IDS = {"type": "array", "items": {"type": "integer"}}


def around_paths(root: str, schema: dict[str, Any], operation: Operation) -> dict[str, dict[str, Any]]:
    """Return the operations around the records of one form, whose addresses begin with `root`."""
    record = f"{root}/{{id}}"
    identity = {"$ref": "#/components/parameters/Id"}
    key = [{"$ref": "#/components/parameters/IdempotencyKey"}]
    comment = {"name": "comment", "in": "path", "required": True, "schema": {"type": "integer"}}
    before = {"name": "before", "in": "query", "schema": {"type": "string", "format": "date-time"}}
    cursor = {"$ref": "#/components/parameters/Cursor"}
    text = {"type": "string", "maxLength": 4000}
    said = {
        "type": "object",
        "properties": {"text": text, "mentions": _IDS, "files": _IDS},
        "additionalProperties": False,
    }
    changed = {
        "type": "object",
        "required": ["text"],
        "properties": {"text": text, "mentions": _IDS},
        "additionalProperties": False,
    }
    part = {"type": "string", "contentMediaType": "application/octet-stream"}
    multipart = {"type": "object", "required": ["file"], "properties": {"file": part}}
    upload = operation("comment_file", {"201": json_of(reference("schemas", ":file"))})
    upload["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": multipart}}}
    anything: dict[str, Any] = {"type": "object"}
    return {
        f"{record}/comments": {
            "parameters": [identity],
            "get": operation("comments", {"200": json_of(items_of(anything))}, [before]),
            "post": operation("comment", {"201": json_of(anything)}, key, body=said),
        },
        f"{record}/comments/{{comment}}": {
            "parameters": [identity, comment],
            "patch": operation("comment_update", {"200": json_of(anything)}, key, body=changed),
            "delete": operation("comment_delete", {"204": {"description": "Removed"}}, key),
        },
        f"{record}/files": {"parameters": [identity], "post": upload},
        f"{record}/following": {
            "parameters": [identity],
            "get": operation("following", {"200": json_of(anything)}),
            "post": operation("follow", {"200": json_of(anything)}, key),
            "delete": operation("leave", {"200": json_of(anything)}, key),
        },
        f"{root}/bin": {"get": operation("bin", {"200": json_of(items_of(anything))}, [cursor])},
        f"{root}/bin/{{id}}": {
            "parameters": [identity],
            "get": operation("deleted", {"200": json_of(schema)}),
        },
        f"{root}/bin/{{id}}/restore": {
            "parameters": [identity],
            "post": operation("restore", {"200": json_of(schema)}, key),
        },
    }
