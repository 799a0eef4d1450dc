"""Loads sales records with DuckDB and its extension for PostgreSQL: argument 1 is the file."""

import pathlib
import sys

import duckdb
import duckdb_extension_postgres_scanner

TEXTS = ["region", "country", "item_type", "sales_channel", "order_priority"]
TYPES = {
    **dict.fromkeys(TEXTS, "VARCHAR"),
    "order_date": "DATE",
    "order_id": "BIGINT",
    "ship_date": "DATE",
    "units_sold": "BIGINT",
    **dict.fromkeys(
        ["unit_price", "unit_cost", "total_revenue", "total_cost", "total_profit"],
        "DECIMAL(14,2)",
    ),
}

# Loaded where it lies: nothing is installed or fetched.
package = pathlib.Path(duckdb_extension_postgres_scanner.__file__).parent
(extension,) = package.glob(f"extensions/v{duckdb.__version__}/*.duckdb_extension")

connection = duckdb.connect()
connection.execute(f"LOAD '{extension}'")
# The address is in the variables that libpq reads.
connection.execute("ATTACH '' AS target (TYPE postgres, SCHEMA 'public')")
connection.execute(
    f"INSERT INTO target.sales ({', '.join(TYPES)}) "
    "SELECT * FROM read_csv($file, header = true, delim = ',', columns = $types, dateformat = '%-m/%-d/%Y')",
    {"file": sys.argv[1], "types": TYPES},
)
