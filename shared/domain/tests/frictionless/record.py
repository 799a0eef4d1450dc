"""Asks the package `frictionless` about the cells of cases.json and writes down what it says.

    pip install frictionless==5.21.0
    python record.py

It says of each cell that it is a value ("ok"), that it is none of its type ("type") or that it
breaks a rule of its field ("rule").
"""

import json
import pathlib

from frictionless import Schema

HERE = pathlib.Path(__file__).parent
CASES = HERE / "cases.json"


def verdict(field, cell):
    _, notes = field.read_cell(cell)
    if not notes:
        return "ok"
    return "type" if "type" in notes else "rule"


def main():
    cases = json.loads(CASES.read_text(encoding="utf-8"))
    for case in cases:
        document = {"fields": [case["field"]], "missingValues": ["", "n/a"]}
        field = Schema.from_descriptor(document).fields[0]
        case["cells"] = {cell: verdict(field, cell) for cell in case["cells"]}
    lines = [json.dumps(case, ensure_ascii=False, indent=1) for case in cases]
    CASES.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
