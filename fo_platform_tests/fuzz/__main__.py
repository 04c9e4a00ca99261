"""`make fuzz [SECONDS_EACH=60] [FORMATS=...]`: edited deliveries, format by format; what breaks a parser is kept.

Each format is tried in a process of its own with bounded memory. A delivery that raises, hangs or is read unsoundly is
written to the corpus, which the tests read from then on.
"""

import random
import resource
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from time import monotonic

from rich.console import Console

from fo_platform.custodians.parse import formats, parse
from fo_platform_tests.custodians.test_parser_fuzz import prove_sound

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
GOLDEN = HERE.parent / "custodians"
MEMORY_MAX = 4 * 2**30
HANG_SECONDS = 10
SIZE_MAX = 200_000
TOKENS = (
    b"", b"\x00", b"\xff", b"\r", b"\n", b'"', b"'", b"<", b">", b"&", b":", b",", b";", b".", b"-", b"N", b"9" * 60,
    b"NaN", b"1e9999", b"-}", b"\n:16R:FIN", b"\n:61:", b"\n:20:", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<![CDATA[",
    b"]]>", b"<!--", b"-->", b"[[[[", b"{}", b"=1+1", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b"2022-13-45",
    b"99999999",
)  # fmt: skip
"""Bytes that mean something to one parser or another."""

console = Console()


def main(seconds: float, names: list[str]) -> int:
    """Every format in turn; the number of formats that something was found of."""
    found = 0
    for name in names:
        with console.status(f"{name}: {seconds:g} s"):
            command = [sys.executable, "-m", "fo_platform_tests.fuzz", "--one", name, str(seconds)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        console.print(f"{name}: {done.stdout.strip() or f'the process ended with {done.returncode}'}")
        found += done.returncode != 0
    return found


def one(name: str, seconds: float) -> int:
    """Edits of one format's deliveries until the time is up; 1 when one of them breaks the parser."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    signal.signal(signal.SIGALRM, _hung)
    chance, seeds = random.Random(name), _seeds(name)  # noqa: S311 - repeatable edits, no secret.
    until, tried = monotonic() + seconds, 0
    while monotonic() < until:
        data = _edited(chance, seeds)
        tried += 1
        fault = _fault(name, data)
        if fault:
            CORPUS.mkdir(exist_ok=True)
            path = CORPUS / f"{name}-{sha256(data).hexdigest()[:12]}.bin"
            path.write_bytes(data)
            console.print(f"{fault}; kept as {path.name} after {tried} deliveries")
            return 1
    console.print(f"{tried} deliveries, nothing found")
    return 0


def _seeds(name: str) -> list[bytes]:
    files = (path for path in sorted((GOLDEN / name).iterdir()) if not path.name.endswith(".expected.json"))
    return [content for path in files if len(content := path.read_bytes()) < SIZE_MAX]


def _edited(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A delivery with one to eight edits: bytes lost, replaced, doubled, or taken from another delivery."""
    data = chance.choice(seeds)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        lost = chance.choice((0, 0, 1, 1, 4, 40, 400))
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        new = chance.choice(
            (chance.choice(TOKENS), chance.randbytes(4), data[at : at + 200] * 2, other[start : start + 300])
        )
        data = (data[:at] + new + data[at + lost :])[:SIZE_MAX]
    return data


def _fault(name: str, data: bytes) -> str:
    """What reading the delivery breaks, or nothing."""
    for feed in (None, name):
        signal.alarm(HANG_SECONDS)
        try:
            prove_sound(data, parse(data, feed))
        except Exception as error:  # noqa: BLE001 - Whatever it is, it is what is looked for.
            return f"{type(error).__name__}: {error}"[:300]
        finally:
            signal.alarm(0)
    return ""


def _hung(*_: object) -> None:
    raise TimeoutError(f"not read within {HANG_SECONDS} seconds")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        sys.exit(one(sys.argv[2], float(sys.argv[3])))
    sys.exit(min(1, main(float(sys.argv[1]) if sys.argv[1:] else 60, sys.argv[2:] or list(formats()))))
