"""The addresses of the API and what can be done at each: read it to know what there is."""

import json
from collections.abc import Mapping
from functools import lru_cache

from starlette.routing import BaseRoute, Route

from orderkit.engine.runtime import Runtime
from orderkit.engine.workflow import RECORD_VERBS
from orderkit.model.labels import label
from orderkit.web.api import around, bulk, files, making, records, reports, substitutions, tasks, transitions
from orderkit.web.api.calls import Answer, Call, Handler
from orderkit.web.api.openapi import document
from orderkit.web.api.problems import BadRequest
from orderkit.web.api.serving import Address
from orderkit.web.server.threads import Threads

ROOT = "/api/v1"


def routes(runtime: Runtime, threads: Threads) -> list[BaseRoute]:
    """Return the routes of the API, the last of which answers for every address that does not exist."""

    @lru_cache(maxsize=1)
    def described() -> bytes:
        return json.dumps(document(runtime.project, runtime.catalog), ensure_ascii=False).encode()

    def read_openapi(_: Runtime, __: Call) -> Answer:
        return Answer(body=described(), headers={"Cache-Control": "private, max-age=60"})

    addresses: Mapping[str, Mapping[str, Handler]] = {
        "/openapi.json": {"GET": read_openapi},
        "/tasks": {"GET": tasks.list_tasks},
        "/tasks/bulk/{verb}": {"POST": tasks.decide_several},
        "/tasks/copies": {"GET": substitutions.list_copies},
        "/tasks/substitutions": {
            "GET": substitutions.list_substitutions,
            "POST": substitutions.add_substitution,
        },
        "/tasks/substitutions/{id}": {"DELETE": substitutions.end_substitution},
        "/tasks/{id}": {"GET": tasks.read_task},
        "/tasks/{id}/{verb}": {"POST": tasks.decide_task},
        "/reports": {"GET": reports.list_reports},
        "/reports/{report}": {"GET": reports.run_report},
        "/files/{id}": {"GET": files.download_file},
        "/files/{form}/{field}": {"POST": files.upload_file},
        "/{form}": {"GET": records.list_records, "POST": records.create_record},
        "/{form}/make/{target}": {"GET": making.show_open, "POST": making.make_records},
        "/{form}/merge": {"POST": making.merge_records},
        "/{form}/bulk/edit": {"POST": bulk.edit_records},
        "/{form}/bulk/do/{transition}": {"POST": bulk.move_records},
        "/{form}/bulk/withdraw": {"POST": bulk.withdraw_records},
        "/{form}/bulk/delete": {"POST": bulk.delete_records},
        "/{form}/bulk/{id}": {"GET": bulk.read_run},
        "/{form}/bulk/{id}/results": {"GET": bulk.list_results},
        "/{form}/bulk/{id}/stop": {"POST": bulk.stop_run},
        "/{form}/bin": {"GET": around.list_bin},
        "/{form}/bin/{id}": {"GET": around.read_deleted},
        "/{form}/bin/{id}/restore": {"POST": around.restore_deleted},
        "/{form}/{id}/comments": {"GET": around.list_comments, "POST": around.add_comment},
        "/{form}/{id}/comments/{comment}": {
            "PATCH": around.change_comment,
            "DELETE": around.remove_comment,
        },
        "/{form}/{id}/files": {"POST": around.upload_for_comment},
        "/{form}/{id}/following": {
            "GET": around.read_following,
            "POST": around.follow_record,
            "DELETE": around.leave_record,
        },
        "/{form}/{id}/split": {"POST": making.split_record},
        "/{form}/{id}": {
            "GET": records.read_record,
            "PATCH": records.change_record,
            "DELETE": records.delete_record,
        },
        "/{form}/{id}/history": {"GET": records.read_history},
        "/{form}/{id}/do": {"GET": transitions.list_buttons},
        "/{form}/{id}/do/{transition}": {"POST": transitions.do_transition},
        **{f"/{{form}}/{{id}}/{verb}": {"POST": transitions.do_verb} for verb in RECORD_VERBS},
    }
    found: list[BaseRoute] = [
        Route(ROOT + path, Address(runtime, threads, handlers)) for path, handlers in addresses.items()
    ]
    everywhere = dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), _no_such_address)
    return [*found, Route("/api/{path:path}", Address(runtime, threads, everywhere))]


def _no_such_address(_: Runtime, call: Call) -> Answer:
    raise BadRequest(
        "no_such_address",
        label(
            zh=f"没有地址 {call.path}；可用地址见 {ROOT}/openapi.json",
            en=f"there is no address {call.path}; {ROOT}/openapi.json lists what there is",
        ),
        status=404,
    )
