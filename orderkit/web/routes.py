"""The addresses of the pages: read it to know what there is."""

from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import BaseRoute, Route

from orderkit.engine.workflow import RECORD_VERBS
from orderkit.web.pages import (
    account,
    admin,
    admin_access,
    admin_audit,
    admin_errors,
    admin_jobs,
    admin_sessions,
    admin_workflows,
    analytics,
    attachments,
    board,
    board_totals,
    bulk,
    bulk_run,
    calendar,
    cell,
    comments,
    dashboard,
    decide,
    decide_link,
    deleted,
    departments,
    dividing,
    exporting,
    health,
    home,
    home_records,
    import_columns,
    import_preview,
    import_run,
    imports,
    inbox,
    installing,
    life,
    link,
    list_columns,
    list_group,
    list_totals,
    list_views,
    making,
    messages,
    offline,
    options,
    own_sessions,
    palette,
    preview,
    printing,
    project_page,
    record,
    record_form,
    record_list,
    report,
    second_factor,
    sign_in,
    style,
    substitutes,
    transition,
    user_account,
    user_leaving,
)
from orderkit.web.request.visit import Handler, endpoint
from orderkit.web.server.site import Site
from orderkit.web.server.threads import Threads


class IdConvertor(Convertor[str]):
    """Digits of an id that a database can hold; a handler reads them with `Visit.number`."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> str:
        """Return the digits."""
        return value

    def to_string(self, value: str) -> str:
        """Return the digits."""
        return value


register_url_convertor("id", IdConvertor())


def page_routes(site: Site) -> list[BaseRoute]:
    """Return the routes of all pages. An address with two handlers is one for each method."""

    def page(
        path: str, get: Handler | None = None, *, post: Handler | None = None, is_public: bool = False
    ) -> list[BaseRoute]:
        takes_password = post in {
            sign_in.sign_in,
            link.use_link,
            account.change_password,
            second_factor.answer_asking,
            second_factor.remove_own,
        }
        found: list[BaseRoute] = []
        for method, handler in (("GET", get), ("POST", post)):
            if handler is not None:
                threads = site.entrance if takes_password and method == "POST" else None
                answer = endpoint(site, handler, is_public=is_public, threads=threads)
                found.append(Route(path, answer, methods=[method]))
        return found

    form, one = "/forms/{form}", "/forms/{form}/{id:id}"
    for_developers = [
        *page("/_style", style.show_style),
        *page("/_style/options", style.show_options, post=style.show_options),
        *page("/_style/upload", post=style.take_file),
    ]
    return [
        *(for_developers if site.settings.is_development else ()),
        *page("/healthz", health.show_health, is_public=True),
        *page("/readyz", health.show_readiness, is_public=True),
        *page("/worker.js", installing.show_worker, is_public=True),
        *page("/manifest.webmanifest", installing.show_manifest, is_public=True),
        *page("/app-icon.svg", installing.show_icon, is_public=True),
        *page("/app-icon-whole.svg", installing.show_whole_icon, is_public=True),
        *page("/offline", offline.show_offline, is_public=True),
        *page("/session", offline.tell_session),
        *page("/sign-in", sign_in.show_sign_in, post=sign_in.sign_in, is_public=True),
        *page(
            "/sign-in/code/{token}",
            second_factor.show_asking,
            post=second_factor.answer_asking,
            is_public=True,
        ),
        *page(
            "/sign-in/set-up/{token}",
            second_factor.show_setting_up,
            post=second_factor.answer_setting_up,
            is_public=True,
        ),
        *_single_sign_on(site),
        *page("/sign-out", post=sign_in.sign_out, is_public=True),
        *page("/locale", post=sign_in.switch_locale, is_public=True),
        *page("/link/{token}", link.show_link, post=link.use_link, is_public=True),
        *page("/decide/{token}", decide_link.show_decision, post=decide_link.decide, is_public=True),
        *page("/", home.show_home),
        *page("/home-records", home_records.show_records),
        *page("/inbox", inbox.show_inbox),
        *page("/copies/{id:id}", inbox.follow_copy),
        *page("/tasks/{id:id}/{verb}", decide.ask_decision, post=decide.decide),
        *page("/messages", messages.show_messages),
        *page("/messages/read", post=messages.mark_read),
        *page("/messages/{id:id}", messages.follow_message),
        *page("/palette", palette.show_palette),
        *page("/dashboards/{dashboard}", dashboard.show_dashboard),
        *page("/dashboards/{dashboard}/panel", dashboard.show_panel),
        *page("/pages/{page}", project_page.show_page),
        *page("/reports/{report}", report.show_report),
        *page("/workflows/{workflow}/analytics", analytics.show_analytics),
        *page("/workflows/{workflow}/analytics/records", analytics.show_records),
        *page("/workflows/{workflow}/analytics/{part}", analytics.show_part),
        *page("/workflows/{workflow}/analytics/log/{format}", analytics.export_log),
        *page(form, record_list.show_list),
        *page(f"{form}/board/{{field}}", board.show_board),
        *page(f"{form}/board/{{field}}/totals", board_totals.show_totals),
        *page(f"{form}/calendar", calendar.show_calendar),
        *page(f"{form}/calendar/{{at}}", calendar.show_calendar),
        *page(f"{form}/calendar/{{id:id}}/day", calendar.ask_day, post=calendar.move),
        *page(f"{form}/columns", post=list_columns.keep_columns),
        *page(f"{form}/group", list_group.show_group),
        *page(f"{form}/totals", list_totals.show_totals),
        *page(f"{form}/views", post=list_views.change_views),
        *page(f"{form}/export", exporting.export_list),
        *page(f"{form}/export/{{format}}", exporting.export_list),
        *page(f"{form}/export/{{format}}/all", exporting.export_everything),
        *page(f"{form}/new", record_form.show_new, post=record_form.create),
        *page(f"{form}/draft", post=record_form.answer_draft),
        *page(f"{form}/new/resume", post=record_form.resume),
        *page(f"{form}/options/{{field}}", options.show_options, post=options.show_options),
        *page(f"{form}/options/{{field}}/meant", post=options.tell_meant),
        *page(f"{form}/upload/{{field}}", post=attachments.upload),
        *page(f"{form}/make/{{target}}", making.show_making, post=making.make),
        *page(f"{form}/merge", dividing.ask_merge, post=dividing.merge),
        *page(f"{form}/print/{{document}}", printing.show_printing),
        *page("/print-fonts/{digest}", printing.give_font),
        *page(f"{form}/print/{{document}}/sheet", printing.show_sheet, post=printing.hand_out),
        *page(f"{form}/print/{{document}}/pdf", post=printing.hand_out_pdf),
        *page(f"{form}/bulk/edit", bulk.show_edit, post=bulk.edit),
        *page(f"{form}/bulk/move", bulk.show_moves, post=bulk.move),
        *page(f"{form}/bulk/delete", bulk.show_delete, post=bulk.delete),
        *page(f"{form}/bulk/make/{{target}}", bulk.show_make),
        *page("/bulk/{id:id}", bulk_run.show_run),
        *page("/bulk/{id:id}/stop", post=bulk_run.stop),
        *page(f"{form}/bin", deleted.show_bin),
        *page(f"{form}/bin/{{id:id}}", deleted.show_record),
        *page(f"{form}/bin/{{id:id}}/restore", post=deleted.restore),
        *page(f"{form}/bin/{{id:id}}/purge", deleted.ask_purge, post=deleted.purge),
        *page(f"{one}/split", dividing.show_splitting, post=dividing.split),
        *page(one, record.show_record),
        *page(f"{one}/edit", record_form.show_edit),
        *page(one, post=record_form.update),
        *page(f"{one}/draft", post=record_form.answer_draft),
        *page(f"{one}/cells/{{field}}", cell.show_cell, post=cell.save_cell),
        *page(f"{one}/resume", post=record_form.resume),
        *page(f"{one}/life", life.show_life),
        *page(f"{one}/timeline", comments.show_earlier),
        *page(f"{one}/comments", post=comments.add),
        *page(f"{one}/comments/{{comment:id}}/edit", comments.ask_edit, post=comments.edit),
        *page(f"{one}/comments/{{comment:id}}/remove", comments.ask_remove, post=comments.remove),
        *page(f"{one}/people", comments.find_people),
        *page(f"{one}/follow", post=comments.follow),
        *page(f"{one}/delete", record.ask_delete, post=record.delete),
        *page(f"{one}/do/{{workflow}}/{{transition}}", transition.ask, post=transition.press),
        *page(f"{one}/do/{{workflow}}/{{transition}}/preview", preview.show_preview),
        *page(f"{one}/moves/{{field}}", board.show_moves, post=board.move),
        *(
            route
            for verb in RECORD_VERBS
            for route in page(f"{one}/{verb}", transition.ask, post=transition.press)
        ),
        *page("/files/{id:id}", attachments.download),
        *page("/imports", imports.show_imports),
        *page("/imports/runs/{id:id}", import_run.show_run),
        *page("/imports/runs/{id:id}/stop", post=import_run.stop),
        *page("/imports/runs/{id:id}/refused", import_run.refused),
        *page("/imports/runs/{id:id}/reverse", post=import_run.reverse),
        *page("/imports/{mapping}", imports.show_start, post=imports.upload),
        *page("/imports/{mapping}/template", imports.template),
        *page("/imports/{mapping}/files/{file:id}", import_preview.show_preview, post=import_preview.start),
        *page("/imports/{mapping}/files/{file:id}/columns", import_columns.show_columns),
        *page("/imports/{mapping}/files/{file:id}/mapping", import_columns.save_mapping),
        *page("/account", account.show_account),
        *page("/account/password", post=account.change_password),
        *page("/account/second-factor", second_factor.show_own, post=second_factor.confirm_own),
        *page("/account/second-factor/remove", post=second_factor.remove_own),
        *page("/account/substitutes", post=substitutes.add),
        *page("/account/substitutes/{id:id}/end", post=substitutes.end),
        *page("/account/sign-out-elsewhere", post=own_sessions.sign_out_elsewhere),
        *page("/account/preferences", post=account.save_preferences),
        *page("/account/tokens", post=account.make_token),
        *page("/account/tokens/{id:id}/revoke", post=account.revoke_token),
        *page("/admin", admin.show_admin),
        *page("/admin/jobs", admin_jobs.show_jobs),
        *page("/admin/jobs/retry", post=admin_jobs.retry_all),
        *page("/admin/jobs/{id:id}/retry", post=admin_jobs.retry),
        *page("/admin/jobs/{id:id}/discard", post=admin_jobs.discard),
        *page("/admin/jobs/{id:id}/done", post=admin_jobs.mark_done),
        *page("/admin/jobs/{id:id}/skip", post=admin_jobs.skip),
        *page("/admin/workflows", admin_workflows.show_workflows),
        *page("/admin/workflows/reassign", post=admin_workflows.reassign),
        *page("/admin/errors", admin_errors.show_errors),
        *page("/admin/access", admin_access.show_access),
        *page("/admin/audit", admin_audit.show_audit),
        *page("/admin/audit/export", admin_audit.export_audit),
        *page("/admin/audit/verify", post=admin_audit.start_verifying),
        *page("/admin/sessions", admin_sessions.show_sessions),
        *page("/admin/sessions/end", post=admin_sessions.end_session),
        *page("/departments", departments.show_departments),
        *page("/users/{id:id}", user_account.show_user),
        *page("/users/{id:id}/roles", post=user_account.save_roles),
        *page("/users/{id:id}/link", post=user_account.make_link),
        *page("/users/{id:id}/password", post=user_account.demand_password),
        *page("/users/{id:id}/second-factor", post=user_account.reset_second_factor),
        *page("/users/{id:id}/unlink", post=user_account.unlink),
        *page("/users/{id:id}/sign-out", post=user_account.sign_out_everywhere),
        *page("/users/{id:id}/deactivate", user_leaving.ask, post=user_leaving.let_go),
        *page("/users/{id:id}/reactivate", post=user_leaving.take_back),
        *page("/users/{id:id}/tokens/{token:id}/revoke", post=user_account.revoke_token),
    ]


def _single_sign_on(site: Site) -> list[BaseRoute]:
    """Return the routes to the company's own provider, where the project has one."""
    if site.runtime.project.sign_in.oidc is None:
        return []
    from orderkit.web.pages import single_sign_on  # noqa: PLC0415 - most projects do without an HTTP client here

    waiting = Threads(single_sign_on.AT_ONCE)
    return [
        Route(path, endpoint(site, handler, is_public=True, threads=waiting), methods=["GET"])
        for path, handler in (
            (single_sign_on.START, single_sign_on.start),
            (single_sign_on.CALLBACK, single_sign_on.come_back),
        )
    ]
