"""SFTP against a real server: whose key counts, what is taken, and that nothing half is ever seen."""

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest

from fo_platform.custodians.transports._base import STATE, pull, safe_name
from fo_platform.custodians.transports.directory import arrivals
from fo_platform.custodians.transports.sftp import SftpFolder
from fo_platform_tests.custodians.transports.servers import LIMITS, RemoteFile, Sftp, Time


@pytest.fixture
def folder(sftp: Sftp, time: Time) -> SftpFolder:
    return SftpFolder("127.0.0.1", sftp.port, "office", sftp.client_key, sftp.host_key, "/out", "*", time.pause)


def brought(inbox: Path) -> dict[str, bytes]:
    return {found.name: found.read() for found in arrivals(inbox)}


def said(faults: list[Exception]) -> str:
    return "\n".join(map(str, faults))


def test_files_arrive_whole_and_are_not_fetched_twice(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    content = bytes(range(256)) * 300
    sftp.files |= {b"a.xml": RemoteFile(content), b"b.xml": RemoteFile(b"")}
    done = pull(folder, inbox, LIMITS)
    assert (done.fetched, done.skipped, done.size, done.faults) == (2, 0, len(content), [])
    assert brought(inbox) == {"a.xml": content, "b.xml": b""}
    done = pull(folder, inbox, LIMITS)
    assert (done.fetched, done.skipped, done.size, done.faults) == (0, 2, 0, [])
    assert sftp.opened == [b"a.xml", b"b.xml"]


def test_without_its_memory_a_pull_brings_the_same_files_and_nothing_new(
    folder: SftpFolder, sftp: Sftp, inbox: Path
) -> None:
    sftp.files[b"a.xml"] = RemoteFile(b"first")
    pull(folder, inbox, LIMITS)
    for broken in (b"", b"[1]", b"\xff{"):
        (inbox.parent / STATE / "bank.json").write_bytes(broken)
        done = pull(folder, inbox, LIMITS)
        assert (done.fetched, done.skipped, done.faults) == (0, 1, [])
    assert brought(inbox) == {"a.xml": b"first"}


def test_a_file_that_changed_arrives_beside_the_first(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    for mtime, content in enumerate((b"first", b"second", b"first")):
        sftp.files[b"a.xml"] = RemoteFile(content, mtime=mtime)
        pull(folder, inbox, LIMITS)
    assert sorted(brought(inbox).values()) == [b"first", b"second"]
    assert brought(inbox)["a.xml"] == b"first"


def test_the_key_may_be_a_file(folder: SftpFolder, sftp: Sftp, inbox: Path, tmp_path: Path) -> None:
    sftp.files[b"a.xml"] = RemoteFile(b"1")
    (tmp_path / "key").write_text(sftp.client_key)
    assert pull(replace(folder, key=str(tmp_path / "key")), inbox, LIMITS).fetched == 1


def test_only_what_matches_and_is_a_finished_file_is_taken(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    names = (b"a.xml", b"../../x.xml", b"A.XML", b"b.csv", b".c.xml", b"d.xml.part", b"e.xml.TMP")
    sftp.files |= {name: RemoteFile(name) for name in names}
    sftp.files |= {b"f.xml": RemoteFile(b"", permissions=0o040755), b"g.xml": RemoteFile(b"", permissions=0o120777)}
    pull(replace(folder, pattern="*.xml"), inbox, LIMITS)
    assert list(brought(inbox)) == ["a.xml"]
    assert sftp.opened == [b"a.xml"]


def test_another_key_of_ours_is_refused(folder: SftpFolder, inbox: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    done = pull(replace(folder, key=other), inbox, LIMITS)
    assert said(done.faults) == (
        "127.0.0.1 does not accept our key for office. Send the source our public key, or correct the user."
    )


def test_a_server_with_another_key_gets_nothing(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    sftp.files[b"a.xml"] = RemoteFile(b"1")
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    done = pull(replace(folder, host_key=other), inbox, LIMITS)
    assert said(done.faults).startswith("127.0.0.1 does not prove the declared host_key. Ask the source by telephone")
    assert (done.fetched, sftp.opened) == (0, [])


def test_a_server_without_a_key_of_the_declared_kind_gets_nothing(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    sftp.files[b"a.xml"] = RemoteFile(b"1")
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    done = pull(replace(folder, host_key=other), inbox, LIMITS)
    # Both sides give up at the same time, so that we may see the other one leave before we have said why.
    assert "has no key of the declared kind" in said(done.faults) or "cannot be reached" in said(done.faults)
    assert (done.fetched, sftp.opened) == (0, [])


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("key", "-----BEGIN OPENSSH PRIVATE KEY-----\nSECRET", "The private key cannot be used."),
        ("key", "/nowhere/SECRET", "The private key's file cannot be read."),
        ("host_key", "ssh-ed25519 AAAA", "The host_key cannot be used."),
        ("folder", "/elsewhere", "127.0.0.1 does not give it: SFTPNoSuchFile."),
    ],
)
def test_what_is_declared_wrongly_is_said(folder: SftpFolder, inbox: Path, field: str, text: str, words: str) -> None:
    done = pull(replace(folder, **{field: text}), inbox, LIMITS)
    assert said(done.faults).startswith(words)
    assert "SECRET" not in said(done.faults) + repr(folder)


def test_a_server_that_is_not_there_is_said(folder: SftpFolder, inbox: Path) -> None:
    done = pull(replace(folder, port=1), inbox, LIMITS)
    assert said(done.faults).startswith("127.0.0.1 cannot be reached")


def test_a_file_that_grows_between_two_looks_waits(folder: SftpFolder, sftp: Sftp, inbox: Path, time: Time) -> None:
    sftp.files |= {b"a.xml": RemoteFile(b"whole"), b"b.xml": RemoteFile(b"ha")}

    async def grow(seconds: float) -> None:
        sftp.files[b"b.xml"] = RemoteFile(b"half of it")

    assert pull(replace(folder, pause=grow), inbox, LIMITS).fetched == 1
    assert brought(inbox) == {"a.xml": b"whole"}
    assert pull(folder, inbox, LIMITS).fetched == 1
    assert brought(inbox)["b.xml"] == b"half of it"


def test_a_file_that_grows_while_it_is_read_waits(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    file = RemoteFile(b"half")

    def grow(channel: object) -> None:
        file.content += b"!" if len(file.content) < 9 else b""

    file.on_read = grow
    sftp.files[b"a.xml"] = file
    done = pull(folder, inbox, LIMITS)
    assert (done.fetched, done.skipped, done.faults) == (0, 1, [])
    assert brought(inbox) == {}
    assert pull(folder, inbox, LIMITS).fetched == 1
    assert brought(inbox) == {"a.xml": file.content}


def test_a_file_that_ends_before_its_size_waits(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    sftp.files[b"a.xml"] = RemoteFile(b"x" * 5000, said=6000)
    assert pull(folder, inbox, LIMITS).skipped == 1
    assert list(inbox.iterdir()) == []


def test_a_connection_cut_in_mid_file_leaves_nothing_behind(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    reads: list[int] = []

    def cut(channel: asyncssh.SSHServerChannel) -> None:
        reads.append(1)
        if len(reads) == 3:
            channel.get_connection().abort()

    sftp.files |= {b"a.xml": RemoteFile(b"whole"), b"b.xml": RemoteFile(b"x" * 50_000, on_read=cut)}
    done = pull(folder, inbox, LIMITS)
    assert done.fetched == 1
    assert "127.0.0.1" in said(done.faults)
    assert [path.name for path in inbox.iterdir()] == ["a.xml"]
    sftp.files[b"b.xml"].on_read = lambda channel: None
    assert pull(folder, inbox, LIMITS).fetched == 1
    assert len(brought(inbox)["b.xml"]) == 50_000


def test_the_deadline_is_for_the_whole_pull(folder: SftpFolder, sftp: Sftp, inbox: Path, time: Time) -> None:
    def later(channel: object) -> None:
        time.seconds += 8

    sftp.files |= {f"{n}.xml".encode(): RemoteFile(b"x" * 100, on_read=later) for n in range(9)}
    done = pull(folder, inbox, replace(LIMITS, deadline_seconds=60), time.elapsed)
    assert 0 < done.fetched < 9
    assert said(done.faults).startswith("The pull was ended after 60 seconds.")
    time.seconds = 0
    sftp.opened.clear()
    pull(folder, inbox, replace(LIMITS, deadline_seconds=600), time.elapsed)
    assert len(sftp.opened) == 9 - done.fetched
    assert len(brought(inbox)) == 9


def test_a_server_that_falls_silent_is_left_at_the_deadline(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    over = threading.Event()
    sftp.files[b"a.xml"] = RemoteFile(b"x", on_read=lambda channel: over.wait(60) and None)
    try:
        done = pull(folder, inbox, replace(LIMITS, deadline_seconds=0.5))
    finally:
        over.set()
    assert said(done.faults).startswith("The pull was ended after 0.5 seconds.")
    assert list(inbox.iterdir()) == []


def test_a_server_that_falls_silent_while_it_lists_is_cut_off(
    folder: SftpFolder, sftp: Sftp, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fo_platform.custodians.transports.sftp.GRACE_SECONDS", 0.1)
    over = threading.Event()
    sftp.on_list.append(lambda: over.wait(60))
    try:
        done = pull(folder, inbox, replace(LIMITS, deadline_seconds=0.3))
        assert not over.is_set()
    finally:
        over.set()
    assert said(done.faults).startswith("The pull was ended after 0.3 seconds.")


def test_a_folder_without_end_is_refused(
    folder: SftpFolder, sftp: Sftp, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fo_platform.custodians.transports.sftp.ENTRIES_MAX", 5)
    sftp.files |= {b"%d" % number: RemoteFile(b"") for number in range(6)}
    assert said(pull(folder, inbox, LIMITS).faults).startswith("The folder holds more than 5 entries.")


def test_a_server_that_never_greets_is_left_at_the_deadline(folder: SftpFolder, inbox: Path) -> None:
    async def silent() -> None:
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        asked = replace(folder, port=port)
        done = await asyncio.to_thread(pull, asked, inbox, replace(LIMITS, deadline_seconds=0.3))
        server.close()
        assert said(done.faults).startswith("The pull was ended after 0.3 seconds.")

    asyncio.run(silent())


def test_a_file_above_the_cap_is_left_and_the_others_come(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    sftp.files |= {b"a.xml": RemoteFile(b"x" * 2001), b"b.xml": RemoteFile(b"small")}
    sftp.files[b"c.xml"] = RemoteFile(b"x" * 2001, said=3)
    done = pull(folder, inbox, replace(LIMITS, file_bytes_max=2000))
    assert brought(inbox) == {"b.xml": b"small"}
    assert "a.xml: It is larger than 2000 bytes and was left there. Raise file_bytes_max" in said(done.faults)
    done = pull(folder, inbox, replace(LIMITS, pull_bytes_max=1500))
    assert "The pull was ended above 1500 bytes." in said(done.faults)


@pytest.mark.parametrize(
    ("name", "flat"),
    [
        (b"a/../../../x", "a_.._.._.._x"),
        (b"/etc/passwd", "etc_passwd"),
        (b"a/b\\c:d.xml", "a_b_c_d.xml"),
        (b"a\x00b\nc.xml", "a_b_c.xml"),
        (b"M\xe4rz \xf0\x9f\x92\xb0.xml", "M_rz_.xml"),
        (b"-rf", "rf"),
        (b"x" * 300 + b".xml", "x" * 116 + ".xml"),
        (b"~/~", "file"),
    ],
)
def test_a_name_from_outside_never_becomes_a_path(
    folder: SftpFolder, sftp: Sftp, inbox: Path, tmp_path: Path, name: bytes, flat: str
) -> None:
    sftp.files[name] = RemoteFile(b"1")
    done = pull(folder, inbox, LIMITS)
    assert done.faults == []
    assert [path.name for path in inbox.iterdir()] == [flat]
    assert brought(inbox) == {flat: b"1"}
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != STATE) == [flat]
    assert pull(folder, inbox, LIMITS).skipped == 1


def test_two_names_that_flatten_alike_both_arrive(folder: SftpFolder, sftp: Sftp, inbox: Path) -> None:
    sftp.files |= {b"a/b.xml": RemoteFile(b"1"), b"a:b.xml": RemoteFile(b"2")}
    assert pull(folder, inbox, LIMITS).fetched == 2
    assert sorted(brought(inbox).values()) == [b"1", b"2"]


@pytest.mark.parametrize("name", ["", ".", "..", "///", "a.part", "a.TMP", ".hidden", "a" * 500, "a." + "b" * 500])
def test_a_safe_name_is_one_that_the_inbox_takes(name: str, tmp_path: Path) -> None:
    (tmp_path / safe_name(name)).write_bytes(b"")
    assert [found.name for found in arrivals(tmp_path)] == [safe_name(name)]
    assert len(safe_name(name)) <= 121
