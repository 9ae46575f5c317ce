"""`orderkit serve`: the app of an artifact, and with `--dev` that of the YAML as it is being written."""

import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from orderkit.cli import main

FILES = {
    "orderkit.yaml": "project: shop\nlabel: {zh: 商店, en: Shop}\nversion: 1.0.0\nlocale: zh-CN\nlocales: [zh-CN, en]\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "customer.yaml": "form: customer\nlabel: {zh: 客户, en: Customer}\nfields:\n  name: {type: text, required: true}\n",
}
SECONDS = 40
PASSWORD = "correct horse battery"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def built(project: Path) -> Path:
    assert run("build", project) == 0
    assert run("migrate", project) == 0
    return project


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for 127.0.0.1 and its key, and files that are neither. No key is kept in git."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(words: str) -> None:
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)

    curve = "-pkeyopt ec_paramgen_curve:prime256v1"
    openssl(
        f"req -x509 -newkey ec {curve} -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1"
    )
    openssl(f"genpkey -algorithm EC {curve} -out other_key.pem")
    openssl("pkey -in other_key.pem -aes256 -passout pass:word -out locked.pem")
    lines = (folder / "cert.pem").read_text(encoding="ascii").splitlines()
    (folder / "damaged.pem").write_text("\n".join([*lines[:2], "AAAA", *lines[3:]]), encoding="ascii")
    return folder


def run(*words: object) -> object:
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


class Served:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self.wait_for(r"serving at (https?://\S+)")[1]

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Read what it says until it fits."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.said):
                return found
            time.sleep(0.05)
        raise AssertionError(f"never said {pattern}: {self.said}")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line

    def title(self) -> str:
        found = re.search("<title>(.*?)</title>", httpx.get(f"{self.url}/sign-in").text)
        assert found is not None
        return found[1]


@contextmanager
def serving(project: Path, *options: str) -> Iterator[Served]:
    command = [sys.executable, "-c", "from orderkit.cli import main; main()", "--lang", "en", "serve"]
    with subprocess.Popen(
        [*command, str(project), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"},
    ) as process:
        try:
            yield Served(process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=SECONDS)


def test_the_first_administrator_comes_in_and_the_server_stops_when_asked(built: Path) -> None:
    with serving(built) as served:
        link = served.wait_for(r"(http://\S+/link/\S+)")[1]
        assert httpx.get(f"{served.url}/healthz").text == "ok"
        with httpx.Client(follow_redirects=True) as client:
            page = client.get(link)
            token = re.search('name="csrf-token" content="([^"]+)"', page.text)
            assert token is not None
            given = {"login": "boss", "name": "Boss", "password": PASSWORD, "password_again": PASSWORD}
            page = client.post(link, data={"csrf_token": token[1], **given})
            assert "Boss" in page.text
    assert served.process.returncode == 0
    assert "stopped" in served.said
    with serving(built, "--no-worker") as again:
        again.wait_for("stops it")
        assert "/link/" not in again.said


def test_a_port_that_is_taken_is_said_before_anything_is_opened(built: Path, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run("serve", built, "--port", taken.getsockname()[1]) == 1
    assert "--port" in capsys.readouterr().err


def test_an_address_that_does_not_exist_is_said(built: Path, capsys) -> None:
    assert run("serve", built, "--host", "no.such.host.invalid") == 1
    assert "no.such.host.invalid" in capsys.readouterr().err


def test_what_is_missing_is_said_with_the_command_that_makes_it(project: Path, capsys) -> None:
    assert run("serve", project, "--port", "0") == 1
    assert "orderkit build" in capsys.readouterr().err
    assert run("build", project) == 0
    capsys.readouterr()
    assert run("serve", project, "--port", "0") == 1
    assert "orderkit migrate" in capsys.readouterr().err


def test_a_database_that_is_behind_is_refused(built: Path, capsys) -> None:
    with (built / "customer.yaml").open("a", encoding="utf-8") as form:
        form.write("  note: {type: text}\n")
    assert run("build", built) == 0
    capsys.readouterr()
    assert run("serve", built, "--port", "0") == 1
    assert "behind" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "value"), [("ORDERKIT_SECRET_KEY", "short"), ("ORDERKIT_THREADS", "many")])
def test_a_setting_that_cannot_be_used_is_named(
    built: Path, capsys, monkeypatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert run("serve", built, "--port", "0") == 1
    assert name in capsys.readouterr().err


def test_development_shows_what_is_wrong_and_takes_up_what_is_right(built: Path) -> None:
    root, form = built / "orderkit.yaml", built / "customer.yaml"
    with serving(built, "--dev") as served:
        served.wait_for("stops it")
        assert "商店" in served.title()
        root.write_text(FILES["orderkit.yaml"].replace("商店", "新店"), encoding="utf-8")
        deadline = time.monotonic() + SECONDS
        while "新店" not in served.title() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert "新店" in served.title()

        form.write_text(FILES["customer.yaml"].replace("text", "txt"), encoding="utf-8")
        served.wait_for(r"unknown-\S+.*`txt`")
        with httpx.stream("GET", f"{served.url}/dev/state", timeout=SECONDS) as events:
            assert "txt" in next(line for line in events.iter_lines() if line)
        assert "新店" in served.title()

        form.write_text(FILES["customer.yaml"] + "  note: {type: text}\n", encoding="utf-8")
        served.wait_for("add column customer.note")
        assert run("build", built) == 0
        assert run("migrate", built) == 0
        served.wait_for("nothing wrong")


def test_https_is_spoken_and_cookies_never_leave_it(built: Path, tls: Path) -> None:
    with serving(built, "--tls-cert", str(tls / "cert.pem"), "--tls-key", str(tls / "key.pem")) as served:
        assert served.url.startswith("https://127.0.0.1:")
        assert served.wait_for(r"(\S+)/link/\S+")[1] == served.url
        trusted = ssl.create_default_context(cafile=str(tls / "cert.pem"))
        with httpx.Client(verify=trusted, base_url=served.url) as client:
            answer = client.get("/sign-in")
            assert "; Secure" in answer.headers["set-cookie"]
            assert "max-age=" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        (("cert.pem", None), "OK8140", "--tls-key"),
        ((None, "key.pem"), "OK8140", "--tls-cert"),
        (("missing.pem", "key.pem"), "OK8141", "missing.pem"),
        (("cert.pem", "missing.pem"), "OK8141", "missing.pem"),
        ((".", "key.pem"), "OK8141", "--tls-cert"),
        (("key.pem", "cert.pem"), "OK8142", "exchanged"),
        (("cert.pem", "cert.pem"), "OK8142", "--tls-key"),
        (("cert.pem", "locked.pem"), "OK8142", "has a password"),
        (("damaged.pem", "key.pem"), "OK8142", "damaged.pem"),
        (("cert.pem", "other_key.pem"), "OK8143", "other_key.pem"),
    ],
)
def test_files_that_cannot_speak_https_are_said_before_anything_is_opened(
    files: tuple[str | None, str | None], code: str, said: str, tls: Path, capsys
) -> None:
    options = [
        word
        for option, name in zip(("--tls-cert", "--tls-key"), files, strict=True)
        if name is not None
        for word in (option, tls / name)
    ]
    assert run("serve", tls, "--port", 0, *options) == 1
    told = capsys.readouterr()
    assert code in told.err
    assert said in told.err.replace("\n", "")
    assert "serving" not in told.out
