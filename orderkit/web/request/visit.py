"""One request of a person in a browser, as a page handler sees it: who, what was sent, how to answer.

Handlers are plain functions in a thread: `Visit` in, `Response` out. They raise what they refuse;
`middleware.faults` answers it. `endpoint` makes an ASGI endpoint of a handler.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from orderkit.engine.runtime import Channel, Person, Runtime, Unit
from orderkit.model.errors import Denied, NotFound
from orderkit.model.labels import Label, text_of
from orderkit.web.errors import SignInNeeded
from orderkit.web.frame.shell import Shell, shell_of
from orderkit.web.request.cookies import NOTICE, drop_cookie, set_cookie
from orderkit.web.request.notices import Notice, packed, unpacked
from orderkit.web.request.passage import Passage, passage_of
from orderkit.web.request.refusing import note_refused
from orderkit.web.server.site import Site
from orderkit.web.server.threads import Threads

NOTICE_SECONDS = 60
PERSON_HEADER = "orderkit-person"
LONGEST_ID = 19
# What may stand in an address as it is; the rest is written in percent signs.
_IN_ADDRESS = ":/%#?=@[]!$&'()*+,;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every HTML document needs, signed in or not."""

    project: str
    csrf: str
    is_development: bool
    notice: Notice | None


class Visit:
    """One request. `person` speaks the language of the session."""

    def __init__(self, site: Site, request: Request) -> None:
        self.site = site
        self.request = request
        self.passage: Passage = passage_of(request.scope)

    @property
    def runtime(self) -> Runtime:
        """The opened project."""
        return self.site.runtime

    @property
    def locale(self) -> str:
        """The language of the answer."""
        return self.passage.locale

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the reader's clock."""
        return self.runtime.zone_of(self.person)

    @property
    def query(self) -> QueryParams:
        """What stands after the `?`."""
        return self.request.query_params

    @property
    def form(self) -> FormData:
        """The fields that were sent."""
        return self.passage.form if self.passage.form is not None else FormData()

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def is_ahead(self) -> bool:
        """Whether a browser fetches what its person may want later without a connection."""
        return "orderkit-ahead" in self.request.headers

    @property
    def wants_json(self) -> bool:
        """Whether a script asks, which reads an answer instead of showing it."""
        return "json" in self.request.headers.get("accept", "")

    @cached_property
    def person(self) -> Person:
        """Who asks. Raises SignInNeeded."""
        if self.passage.session is None:
            raise SignInNeeded
        return replace(self.passage.session.person, locale=self.locale)

    def name(self, part: str) -> str:
        """Return a part of the address, as the route names it."""
        return str(self.request.path_params[part])

    def speak_as_asked(self) -> None:
        """Answer in the language that the address names, for what is fetched without a session."""
        asked = self.query.get("locale", "")
        if asked in self.runtime.project.locales:
            self.passage.locale = asked

    def number(self, part: str) -> int:
        """Return a part of the address that is an id. Raises NotFound for anything else."""
        text = self.name(part)
        if not (text.isascii() and text.isdecimal() and len(text) < LONGEST_ID):
            raise NotFound
        return int(text)

    def before(self) -> int | None:
        """Return the id at which the next page of a list goes on, if the address says one."""
        text = self.query.get("before", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None

    def field(self, name: str) -> str:
        """Return one field that was sent, without the blanks around it; absent is empty."""
        value = self.form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def revision(self) -> int | None:
        """Return the revision of the record that the person looked at, if the form says one."""
        text = self.field("revision")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_ID else None

    def seen(self) -> datetime | None:
        """Return until when what happened to the record stood on the page, if the form says so."""
        try:
            found = datetime.fromisoformat(self.field("seen"))
        except ValueError:
            return None
        return found if found.tzinfo is not None else None

    def text(self, label: Label) -> str:
        """Return a label in the language of the answer."""
        return text_of(label, self.locale)

    def t(self, key: str, **facts: object) -> str:
        """Return a text of the pages in the language of the answer."""
        return self.site.templates.texts.say(key, self.locale, **facts)

    def reading(self) -> AbstractContextManager[Unit]:
        """Open a unit that reads as this person."""
        return self.runtime.read(self.person, Channel.PAGE, request_id=self.passage.request_id)

    def writing(self) -> AbstractContextManager[Unit]:
        """Open a unit that writes as this person."""
        return self.runtime.write(self.person, Channel.PAGE, request_id=self.passage.request_id)

    def show(
        self,
        unit: Unit,
        template: str,
        page: object,
        *,
        current: str,
        back: str | None = None,
        status: int = 200,
    ) -> Response:
        """Return a whole page inside the shell. `current` is the key of the link that it belongs to."""
        shell = shell_of(unit, current=current, back=back, path=self.here(), t=self.t)
        return self._html(template, page, shell, status)

    def show_alone(self, template: str, page: object, *, status: int = 200) -> Response:
        """Return a whole page outside the shell."""
        return self._html(template, page, None, status)

    def part(
        self, template: str, page: object, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Return a part of a page, for htmx."""
        html = self.site.templates.render(template, self.locale, {"page": page, "frame": self._frame(None)})
        return self._named(HTMLResponse(html, status, headers=headers))

    def go(
        self, address: str, notice: str | None = None, *, is_good: bool = True, saved: str = ""
    ) -> Response:
        """Send the browser to another page of ours, which then says `notice`, and what it need not keep."""
        response: Response
        address = quote(address, safe=_IN_ADDRESS)
        if self.is_partial:
            response = Response(status_code=204, headers={"HX-Redirect": address})
        else:
            response = RedirectResponse(address, 303)
        if notice is not None:
            cookie = packed(Notice(text=notice, is_good=is_good, saved=saved), self.site.settings.secret_keys)
            self.keep_cookie(response, NOTICE, cookie, max_age_seconds=NOTICE_SECONDS)
        return response

    def say(self, text: str, *, is_good: bool = True) -> Response:
        """Return a notice that is shown on the page as it stands."""
        return self.part(
            "components/notice_part.html",
            Notice(text=text, is_good=is_good),
            # Whatever part of its answer the element wanted to show, a notice is shown whole.
            headers={"HX-Retarget": "#notices", "HX-Reswap": "beforeend", "HX-Reselect": "unset"},
        )

    def nothing(self) -> Response:
        """Return no content, and for whom there is none."""
        return self._named(Response(status_code=204))

    def done(self, text: str) -> Response:
        """Say what was done on the page as it stands, which then looks anew at what it shows."""
        response = self.say(text)
        response.headers["HX-Trigger"] = "records:changed"
        return response

    def keep_cookie(
        self, response: Response, name: str, value: str, *, max_age_seconds: int | None = None
    ) -> None:
        """Set one of our cookies with an answer."""
        cookie = set_cookie(name, value, is_https=self.passage.is_https, max_age_seconds=max_age_seconds)
        response.headers.append("set-cookie", cookie)

    def drop_cookie(self, response: Response, name: str) -> None:
        """Remove one of our cookies with an answer."""
        response.headers.append("set-cookie", drop_cookie(name, is_https=self.passage.is_https))

    def here(self) -> str:
        """Return the address of this page, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def _html(self, template: str, page: object, shell: Shell | None, status: int) -> Response:
        keys = self.site.settings.secret_keys
        cookie = self.request.cookies.get(NOTICE)
        context = {"page": page, "shell": shell, "frame": self._frame(unpacked(cookie, keys))}
        response = HTMLResponse(self.site.templates.render(template, self.locale, context), status)
        if cookie is not None:
            self.drop_cookie(response, NOTICE)
        return self._named(response)

    def _named(self, response: Response) -> Response:
        """Say whose page it is: a browser's worker keeps nothing of one person for another."""
        if self.passage.session is not None:
            response.headers[PERSON_HEADER] = str(self.passage.session.person.id)
        return response

    def _frame(self, notice: Notice | None) -> Frame:
        return Frame(
            project=self.text(self.runtime.project.label),
            csrf=self.passage.csrf,
            is_development=self.site.settings.is_development,
            notice=notice,
        )


Handler = Callable[[Visit], Response]


def endpoint(
    site: Site, handler: Handler, *, is_public: bool = False, threads: Threads | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """Return the ASGI endpoint of a handler: signed in unless public, and run in one of `threads`, if not the usual."""
    chosen = threads or site.threads

    def call(request: Request) -> Response:
        visit = Visit(site, request)
        if not is_public:
            _ = visit.person
        try:
            return handler(visit)
        except (Denied, NotFound) as error:
            if visit.passage.session is not None:
                note_refused(
                    site.runtime,
                    visit.person,
                    Channel.PAGE,
                    error,
                    method=request.method,
                    path=request.url.path,
                    names=request.path_params,
                    passage=visit.passage,
                )
            raise

    async def answer(request: Request) -> Response:
        return await chosen.run(call, request)

    return answer


def own_address(given: str) -> str:
    """Return an address if it is one of this app, else the home page: nobody is sent elsewhere."""
    # Browsers leave out control characters, so that `/<tab>/elsewhere` would lead elsewhere.
    is_ours = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if is_ours else "/"


def sign_in_address(next_address: str) -> str:
    """Return where a person signs in and then comes back."""
    return f"/sign-in?next={quote(next_address, safe='')}"


def header_json(value: object) -> str:
    """Return JSON that may stand in a header."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
