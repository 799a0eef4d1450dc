"""Writes cases.json from the W3C's test suite of CSV on the Web.

    git clone https://github.com/w3c/csvw
    python record.py csvw/tests

A case is a validation test of cells: of the format, length, bounds or null of a column, or of keys
within its table. What a processor is to warn of is left out, as it then may read the file in its own way.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
# By number: those between are about metadata documents, not about cells.
OF_CELLS = {125, 126, *range(152, 235), 245, 246, 247, 261, 269, *range(279, 305)}
KINDS = {"csvt:PositiveValidationTest": True, "csvt:NegativeValidationTest": False}
OF_COLUMN = ["datatype", "null", "required", "separator", "default"]


def case(tests, entry):
    name = entry["id"].split("#")[1]
    if entry["type"] not in KINDS or int(name.removeprefix("test")) not in OF_CELLS:
        return None
    metadata = json.loads((tests / entry["action"]).read_text(encoding="utf-8"))
    tables = metadata.get("tables", [metadata])
    if len(tables) != 1:
        return None
    [table] = tables
    schema = table["tableSchema"]
    inherited = {name: table[name] for name in OF_COLUMN if name in table}
    columns = [inherited | {it: column[it] for it in OF_COLUMN if it in column}
               for column in schema["columns"] if not column.get("virtual")]
    case = {"test": name, "about": entry["name"], "valid": KINDS[entry["type"]], "columns": columns}
    if "primaryKey" in schema:
        case["primaryKey"] = schema["primaryKey"]
    case["csv"] = (tests / table["url"]).read_text(encoding="utf-8")
    return case


def main():
    tests = pathlib.Path(sys.argv[1])
    manifest = json.loads((tests / "manifest-validation.jsonld").read_text(encoding="utf-8"))
    cases = [case(tests, entry) for entry in manifest["entries"]]
    lines = [json.dumps(it, ensure_ascii=False) for it in cases if it]
    (HERE / "cases.json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    print(len(lines), "cases")


if __name__ == "__main__":
    main()
