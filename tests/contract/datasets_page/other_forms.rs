//! How to come from other forms to a declaration.

pub const PAGE: &str = r#"## From CREATE TABLE, JSON Schema or a pandas frame

### From CREATE TABLE

| column in PostgreSQL | field |
|---|---|
| `text` | `"type": "string"` |
| `varchar(50)`, `char(50)` | `"type": "string", "constraints": {"maxLength": 50}` |
| `uuid` | `"type": "string", "format": "uuid"` |
| `smallint` | `"type": "integer", "constraints": {"minimum": -32768, "maximum": 32767}` |
| `integer` | `"type": "integer", "constraints": {"minimum": -2147483648, "maximum": 2147483647}` |
| `bigint` | `"type": "integer"` |
| `numeric(14, 2)` | `"type": "number", "decimals": 2, "digits": 14` |
| `numeric`, `real`, `double precision` | `"type": "number"` |
| `boolean` | `"type": "boolean", "trueValues": ["t"], "falseValues": ["f"]`: COPY writes these |
| `date` | `"type": "date"` |
| `timestamp` | `"type": "datetime"` |
| `timestamptz` | `"type": "datetime", "timezone": "UTC"` |
| `time` | `"type": "time"` |
| `json`, `jsonb`, `bytea`, `interval`, arrays | `"type": "string"`: kept as it is |

`NOT NULL` is `required`, `CHECK (x BETWEEN 1 AND 9)` is `minimum` and `maximum`, `CHECK (x IN ('a', 'b'))` is `enum`, `CHECK (x ~ '^a+$')` is `pattern`. Keys are left out: the same record twice is two rows. COPY writes null as an empty cell, which is the missing value anyway; an empty text is `""` in quotes then, and both are null here unless `missingValues` is `[]`. So

```sql
CREATE TABLE payment (
    id       uuid PRIMARY KEY,
    paid_at  timestamptz NOT NULL,
    amount   numeric(14, 2) NOT NULL CHECK (amount > 0),
    refunded boolean NOT NULL,
    note     varchar(200)
);
```

is

```json
{
  "fields": [
    {"name": "id", "type": "string", "format": "uuid", "constraints": {"required": true}},
    {"name": "paid_at", "type": "datetime", "timezone": "UTC", "constraints": {"required": true}},
    {"name": "amount", "type": "number", "decimals": 2, "digits": 14, "constraints": {"required": true, "minimum": 0.01}},
    {"name": "refunded", "type": "boolean", "trueValues": ["t"], "falseValues": ["f"], "constraints": {"required": true}},
    {"name": "note", "type": "string", "constraints": {"maxLength": 200}}
  ],
  "sortedBy": "paid_at"
}
```

### From JSON Schema

Of the schema of one object, each property is a field; an object within it becomes fields of its own, a list a string.

| JSON Schema | field |
|---|---|
| `"type": "string"` | `"type": "string"` |
| `"format": "date"`, `"time"` | `"type": "date"`, `"type": "time"` |
| `"format": "date-time"` | `"type": "datetime", "timezone": "UTC"`: the offset of a cell is used |
| `"format": "email"`, `"uri"`, `"uuid"` | `"type": "string"` with the same `format` |
| `"type": "integer"`, `"number"`, `"boolean"` | the same |
| `minLength`, `maxLength`, `minimum`, `maximum`, `enum` | the same, in `constraints` |
| `exclusiveMinimum`, `exclusiveMaximum` | `minimum`, `maximum` with the next value |
| `"multipleOf": 0.01` | `"decimals": 2` |
| `"pattern": "a+"` | `"pattern": "(?s:.*)a+(?s:.*)"`: here the whole cell must match |
| a name in `required` | `"required": true` in its `constraints` |
| `"type": ["integer", "null"]` | `"type": "integer"` without `required` |

So

```json5
{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": {"type": "integer", "minimum": 1},
    "joined": {"type": "string", "format": "date"},
    "score": {"type": ["number", "null"], "exclusiveMinimum": -1, "multipleOf": 0.1}
  }
}
```

is

```json
{
  "fields": [
    {"name": "id", "type": "integer", "constraints": {"required": true, "minimum": 1}},
    {"name": "joined", "type": "date"},
    {"name": "score", "type": "number", "decimals": 1, "constraints": {"minimum": -0.9}}
  ]
}
```

### From a pandas frame

```python
import json

kinds = {"i": "integer", "u": "integer", "f": "number", "b": "boolean", "M": "datetime"}
frame = frame.convert_dtypes()
fields = [{"name": name, "type": kinds.get(dtype.kind, "string")} for name, dtype in frame.dtypes.items()]
print(json.dumps({"fields": fields}, indent=2))
frame.to_csv("frame.csv", index=False)
```

`convert_dtypes` makes whole numbers of columns that have gaps: without it pandas writes them as `3.0`, which is no integer. `to_csv` writes a gap as an empty cell, which is null; true and false as `True` and `False`; a column of midnights as dates, so declare it as `date`; times with a zone as `2026-01-27 10:00:00+01:00`, so declare a `timezone`. `index=False` leaves out the column without a name.
"#;
