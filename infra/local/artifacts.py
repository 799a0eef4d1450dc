"""Checks what `cargo lambda build --release` has made, before it is deployed, and prints its figures.

Each function must be there, for the architecture that is named, and need no symbol of a newer libc than
Amazon Linux 2023 has: such a function is deployed without a word, and then never starts. With --start,
each is started as Lambda does, and timed until it asks for its first event.
"""

import argparse
import pathlib
import re
import statistics
import struct
import sys
import zlib

import first_poll

# Of Amazon Linux 2023.
NEWEST = (2, 34)
MACHINES = {"x86_64": 62, "arm64": 183}
NEEDED = re.compile(rb"GLIBC_(\d+)\.(\d+)(?:\.\d+)?\0")
# What Lambda takes, unpacked.
BYTES_AT_MOST = 250 * 1024 * 1024
STARTS = 5


def newest_libc(content):
    """The newest version of libc that a symbol of it is needed of."""
    return max((tuple(map(int, it.groups())) for it in NEEDED.finditer(content)), default=(0, 0))


def complaints(name, content, machine):
    """What is wrong with one function."""
    if content[:4] != b"\x7fELF":
        yield f"{name} is no program of Linux"
        return
    found = struct.unpack("<H", content[18:20])[0]
    if found != machine:
        yield f"{name} is for another machine: {found}"
    newest = newest_libc(content)
    if newest > NEWEST:
        yield f"{name} needs GLIBC {newest[0]}.{newest[1]}: build it with `cargo lambda build`"
    if len(content) > BYTES_AT_MOST:
        yield f"{name} has {len(content):,} bytes"


def figures(path, content, start):
    """The cells of one function's line, but its name."""
    newest = newest_libc(content)
    cells = [f"{len(content):,}", f"{len(zlib.compress(content, 6)):,}", f"{newest[0]}.{newest[1]}"]
    if start:
        times = [first_poll.milliseconds(path) for _ in range(STARTS)]
        cells.append(f"{statistics.median(times):.0f} ({min(times):.0f} – {max(times):.0f})")
    return cells


def main():
    """Prints a table; says on standard error what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("architecture", choices=MACHINES)
    parser.add_argument("--start", action="store_true")
    asked = parser.parse_args()
    titles = ["function", "bytes", "as zip", "GLIBC"] + (["ms to its first poll"] if asked.start else [])
    print(f"| {' | '.join(titles)} |\n{'|---' * len(titles)}|")
    wrong = []
    for function in sorted(it.name for it in (asked.root / "functions").iterdir()):
        path = asked.root / "target/lambda" / function / "bootstrap"
        if not path.is_file():
            wrong.append(f"{function} is not built: cargo lambda build --release --x86-64")
            continue
        content = path.read_bytes()
        found = list(complaints(function, content, MACHINES[asked.architecture]))
        wrong.extend(found)
        try:
            cells = figures(path, content, asked.start and not found)
        except first_poll.NotStarted as error:
            wrong.append(f"{function} does not start: {error}")
            continue
        print(f"| `{function}` | {' | '.join(cells)} |", flush=True)
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main()
