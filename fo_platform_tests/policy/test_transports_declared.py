"""Transports in custodians.yaml: what may be declared, and every mistake refused with file, line and remedy."""

from datetime import date
from pathlib import Path

import pytest

from fo_platform.errors import PolicyError
from fo_platform.policy.load import load_policy
from fo_platform.policy.office import Policy
from fo_platform.policy.transports import Directory, FlexService, Https, Sftp, on_day

HOST_KEY = "ssh-ed25519 " + "A" * 68
SFTP = f'kind: sftp, host: a.example, user: office, key: FO_KEY, host_key: "{HOST_KEY}", folder: /out'
HTTPS = "kind: https, urls: [https://a.example/r.csv]"
FLEX = "kind: flex_service, query: 815, token: FO_FLEX"


def declare(project: Path, transport: str) -> Path:
    """The demo office with a transport of its Swiss bank, right below the bank's name."""
    folder = project / "resources/offices/demo"
    path = folder / "custodians.yaml"
    line = "  name: Swiss private bank\n"
    text = path.read_text()
    before = text[: text.index(line)] + line
    path.write_text(f"{before}  transport: {{{transport}}}\n" + text[len(before) :])
    return folder


def test_what_declares_nothing_is_a_directory(policy: Policy) -> None:
    assert {source.transport for source in policy.sources.values()} == {Directory()}
    assert Directory().credential is None


def test_every_kind_is_declared_in_one_line(project: Path, tmp_path: Path) -> None:
    found = load_policy(declare(project, SFTP)).sources["swiss_bank"].transport
    assert isinstance(found, Sftp)
    assert (found.port, found.pattern, found.credential, found.deadline_seconds) == (22, "*", "FO_KEY", 300)


@pytest.mark.parametrize(
    ("transport", "kind", "credential"),
    [
        ("kind: directory", Directory, None),
        (SFTP + ", port: 2222, pattern: '*.xml', deadline_seconds: 60", Sftp, "FO_KEY"),
        (HTTPS, Https, None),
        (HTTPS + ", token: FO_T, page_key: links.next, page_parameter: page, ca: bank.pem", Https, "FO_T"),
        ("kind: https, urls: ['http://127.0.0.1:1/{date:%Y%m%d}?p={previous}', 'http://127.0.0.1:1/b']", Https, None),
        (FLEX + ", file_bytes_max: 1000000, pull_bytes_max: 1000000", FlexService, "FO_FLEX"),
    ],
)
def test_what_may_be_declared(project: Path, transport: str, kind: type, credential: str | None) -> None:
    found = load_policy(declare(project, transport)).sources["swiss_bank"].transport
    assert isinstance(found, kind)
    assert found.credential == credential


MISTAKES = [
    ("kind: ftp", "'directory', 'sftp', 'https', 'flex_service'"),
    ("host: a.example", "discriminator 'kind'"),
    (SFTP.replace("user: office, ", ""), "user: field required"),
    (SFTP.replace("user:", "usr:"), "did you mean `user`?"),
    (SFTP.replace("FO_KEY", "/home/office/key"), "key: string should match pattern"),
    (SFTP.replace(HOST_KEY, "any"), "host_key: string should match pattern"),
    (SFTP.replace(HOST_KEY, HOST_KEY + "\\nssh-rsa AAAA"), "host_key: string should match pattern"),
    (SFTP.replace("a.example", "office@a.example"), "host: string should match pattern"),
    (SFTP + ", password: FO_P", "the key `password` is not known"),
    (SFTP + ", file_bytes_max: 0", "file_bytes_max: input should be greater than"),
    (SFTP + ", port: 70000", "port: input should be less than or equal to 65535"),
    (SFTP + ", pattern: ../*", "pattern: string should match pattern"),
    (SFTP + ", deadline_seconds: 0", "deadline_seconds: input should be greater than"),
    (SFTP + ", file_bytes_max: 1000000000000", "file_bytes_max: input should be less than"),
    (HTTPS.replace("https:/", "http:/"), "a url begins with https://"),
    (HTTPS.replace("a.example", "me:secret@a.example"), "names a host and no user"),
    (HTTPS.replace("https://a.example", "https://"), "names a host"),
    (HTTPS.replace("r.csv", "r.csv, https://b.example/r.csv"), "more than one server"),
    ("kind: https, urls: ['https://a.example/{day}']", "may hold {date} and {previous}"),
    ("kind: https, urls: ['https://[']", "invalid IPv6 URL"),
    ("kind: https, urls: []", "at least 1 item"),
    (HTTPS + ", page_parameter: page", "it needs page_key"),
    (HTTPS + ", token: abc123", "token: string should match pattern"),
    (FLEX.replace("815", "x"), "query: string should match pattern"),
    ("kind: flex_service, query: 815", "token: field required"),
]


@pytest.mark.parametrize(("transport", "words"), MISTAKES)
def test_a_mistake_is_refused_with_its_line(project: Path, transport: str, words: str) -> None:
    folder = declare(project, transport)
    lines = (folder / "custodians.yaml").read_text().splitlines()
    line = 2 + lines.index("  name: Swiss private bank")
    with pytest.raises(PolicyError) as caught:
        load_policy(folder)
    assert f"custodians.yaml line {line}: swiss_bank.transport" in caught.value.message
    assert words in caught.value.message
    assert caught.value.remedy


def test_days_are_filled_in_as_they_are_asked_for() -> None:
    url = "https://a.example/{date}/{previous:%d.%m.%y}/{date:%Y%m%d}.csv"
    filled = on_day(url, date(2022, 6, 21), date(2022, 6, 17))
    assert filled == "https://a.example/2022-06-21/17.06.22/20220621.csv"
