//! The fields of a group, and how a cell of each is written.

use std::fmt::Write as _;

use xtask::random::Random;

/// A field of a group.
pub struct Field {
    /// The number of the group is added to it.
    pub name: &'static str,
    /// What is declared of it.
    pub declared: &'static str,
    /// Its column, where a user makes the table.
    pub column: &'static str,
    /// Writes a cell.
    pub cell: fn(&mut Random, &mut String),
}

const fn field(
    name: &'static str,
    declared: &'static str,
    column: &'static str,
    cell: fn(&mut Random, &mut String),
) -> Field {
    Field {
        name,
        declared,
        column,
        cell,
    }
}

/// A text is in quotes now and then, because there is a comma in it; `note`, `rate` and `moment` are
/// null in a part of the records. COPY reads no month, so that a user's column of one is text.
pub const FIELDS: [Field; 20] = [
    field(
        "name",
        r#"{"type": "string", "constraints": {"required": true, "maxLength": 50}}"#,
        "text NOT NULL",
        name,
    ),
    field("note", r#"{"type": "string"}"#, "text", |random, out| {
        if random.below(3) > 0 {
            name(random, out);
        }
    }),
    field(
        "email",
        r#"{"type": "string", "format": "email"}"#,
        "text",
        |random, out| {
            put(
                out,
                format_args!("user.{}@example.org", random.below(1_000_000)),
            )
        },
    ),
    field(
        "link",
        r#"{"type": "string", "format": "uri"}"#,
        "text",
        |random, out| {
            put(
                out,
                format_args!("https://example.org/things/{}", random.below(1_000_000)),
            )
        },
    ),
    field(
        "code",
        r#"{"type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{4}"}}"#,
        "text",
        |random, out| {
            let letter = |random: &mut Random| char::from(b'A' + random.below(26) as u8);
            let (one, other) = (letter(random), letter(random));
            put(
                out,
                format_args!("{one}{other}-{:04}", random.below(10_000)),
            );
        },
    ),
    field(
        "status",
        r#"{"type": "string", "constraints": {"required": true, "enum": ["open", "paid", "returned"]}}"#,
        "text NOT NULL",
        |random, out| word(random, out, &["open", "paid", "returned"]),
    ),
    field(
        "key",
        r#"{"type": "string", "format": "uuid"}"#,
        "uuid",
        |random, out| {
            let bits = u128::from(random.bits()) << 64 | u128::from(random.bits());
            put(out, format_args!("{}", uuid::Uuid::from_u128(bits)));
        },
    ),
    field(
        "count",
        r#"{"type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 2147483647}}"#,
        "bigint NOT NULL",
        |random, out| put(out, format_args!("{}", random.below(10_000))),
    ),
    field(
        "number",
        r#"{"type": "integer"}"#,
        "bigint",
        |random, out| {
            let number = random.below(1 << 40).cast_signed() - (1 << 39);
            put(out, format_args!("{number}"));
        },
    ),
    field(
        "large",
        r#"{"type": "integer", "constraints": {"maximum": "99999999999999999999"}}"#,
        "numeric",
        |random, out| put(out, format_args!("9{:019}", random.below(10_000_000_000))),
    ),
    field(
        "amount",
        r#"{"type": "number", "decimals": 2, "digits": 14, "constraints": {"required": true}}"#,
        "numeric(14,2) NOT NULL",
        |random, out| {
            put(
                out,
                format_args!("{}.{:02}", random.below(100_000), random.below(100)),
            )
        },
    ),
    field(
        "measure",
        r#"{"type": "number"}"#,
        "numeric",
        |random, out| {
            let (whole, after) = (
                random.below(20_000).cast_signed() - 10_000,
                random.below(1_000_000),
            );
            put(out, format_args!("{whole}.{after:06}"));
        },
    ),
    field(
        "rate",
        r#"{"type": "number", "decimals": 4, "digits": 8}"#,
        "numeric",
        |random, out| {
            if random.below(2) == 0 {
                put(out, format_args!("0.{:04}", random.below(10_000)));
            }
        },
    ),
    field(
        "flag",
        r#"{"type": "boolean"}"#,
        "boolean",
        |random, out| {
            word(random, out, &["true", "false"]);
        },
    ),
    field(
        "day",
        r#"{"type": "date", "constraints": {"required": true}}"#,
        "date NOT NULL",
        day,
    ),
    field("at", r#"{"type": "datetime"}"#, "timestamp", at),
    field(
        "moment",
        r#"{"type": "datetime", "timezone": "UTC"}"#,
        "timestamptz",
        |random, out| {
            if random.below(5) > 0 {
                at(random, out);
                word(random, out, &["Z", "+01:00", "-05:00"]);
            }
        },
    ),
    field("hour", r#"{"type": "time"}"#, "time", time),
    field("year", r#"{"type": "year"}"#, "integer", |random, out| {
        put(out, format_args!("{}", random.between(1990, 2026)));
    }),
    field(
        "month",
        r#"{"type": "yearmonth"}"#,
        "text",
        |random, out| {
            put(
                out,
                format_args!(
                    "{}-{:02}",
                    random.between(1990, 2026),
                    random.between(1, 12)
                ),
            );
        },
    ),
];

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    // A string takes all that is written.
    let _ = out.write_fmt(what);
}

fn word(random: &mut Random, out: &mut String, of: &[&str]) {
    let word: &&str = random.pick(of);
    out.push_str(word);
}

fn name(random: &mut Random, out: &mut String) {
    let first = random.pick(&["Ada", "Grace", "Edsger", "Barbara", "Donald", "Frances"]);
    let last = random.pick(&["Lovelace", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen"]);
    match random.below(10) {
        0 => put(out, format_args!("\"{last}, {first}\"")),
        _ => put(out, format_args!("{first} {last}")),
    }
}

fn day(random: &mut Random, out: &mut String) {
    let (year, month) = (random.between(2010, 2017), random.between(1, 12));
    put(
        out,
        format_args!("{year}-{month:02}-{:02}", random.between(1, 28)),
    );
}

fn time(random: &mut Random, out: &mut String) {
    let (hour, minute) = (random.below(24), random.below(60));
    put(
        out,
        format_args!("{hour:02}:{minute:02}:{:02}", random.below(60)),
    );
}

fn at(random: &mut Random, out: &mut String) {
    day(random, out);
    out.push('T');
    time(random, out);
}
