"""Checks what `cargo lambda build --release` has made, before it is deployed.

Each function must be there, for the architecture that is named, and need no symbol of a newer libc than
Amazon Linux 2023 has: such a function is deployed without a word, and then never starts.
"""

import pathlib
import re
import struct
import sys
import zlib

# Of Amazon Linux 2023.
NEWEST = (2, 34)
MACHINES = {"x86_64": 62, "arm64": 183}
NEEDED = re.compile(rb"GLIBC_(\d+)\.(\d+)(?:\.\d+)?\0")
# What Lambda takes, unpacked.
BYTES_AT_MOST = 250 * 1024 * 1024


def complaints(name, content, machine):
    """What is wrong with one function."""
    if content[:4] != b"\x7fELF":
        yield f"{name} is no program of Linux"
        return
    found = struct.unpack("<H", content[18:20])[0]
    if found != machine:
        yield f"{name} is for another machine: {found}"
    newest = max((tuple(map(int, it.groups())) for it in NEEDED.finditer(content)), default=(0, 0))
    if newest > NEWEST:
        yield f"{name} needs GLIBC {newest[0]}.{newest[1]}: build it with `cargo lambda build`"
    if len(content) > BYTES_AT_MOST:
        yield f"{name} has {len(content):,} bytes"


def main(root, machine):
    wrong = []
    print("| function | bytes | as zip |\n|---|---|---|")
    for function in sorted(it.name for it in (root / "functions").iterdir()):
        path = root / "target/lambda" / function / "bootstrap"
        if not path.is_file():
            wrong.append(f"{function} is not built: cargo lambda build --release --x86-64")
            continue
        content = path.read_bytes()
        print(f"| `{function}` | {len(content):,} | {len(zlib.compress(content, 6)):,} |", flush=True)
        wrong.extend(complaints(function, content, MACHINES[machine]))
    sys.exit("\n".join(wrong) or 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2])
