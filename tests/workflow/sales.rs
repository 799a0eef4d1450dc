//! What the API must say about the sales records of a file, derived from the file alone.

use csv::StringRecord;

/// Columns that are JSON text; the others are numbers.
const TEXT: [&str; 7] = [
    "Region",
    "Country",
    "Item Type",
    "Sales Channel",
    "Order Priority",
    "Order Date",
    "Ship Date",
];

/// A record of the file as an entry of `/collect/data/`.
pub struct Sale {
    /// Year, month, day.
    date: (i32, i32, i32),
    record: usize,
    /// The JSON of the entry, to the letter.
    pub entry: String,
}

/// The file's sales in the order of the API: newest order date first, then newest record.
pub fn expected(file: &[u8]) -> Vec<Sale> {
    let mut sales: Vec<Sale> = records(file)
        .iter()
        .enumerate()
        .map(|(record, cells)| sale(&heading(file), record, cells))
        .collect();
    sales.sort_by_key(|it| std::cmp::Reverse((it.date, it.record)));
    sales
}

/// How many of them have an order date from this day on.
pub fn count_from(sales: &[Sale], year: i32, month: i32, day: i32) -> usize {
    let later = sales.iter().filter(|it| it.date >= (year, month, day));
    later.count()
}

/// The entries of a page, with commas between them.
pub fn entries(sales: &[Sale]) -> String {
    let entries: Vec<&str> = sales.iter().map(|it| it.entry.as_str()).collect();
    entries.join(",")
}

pub fn records(file: &[u8]) -> Vec<StringRecord> {
    let mut reader = csv::Reader::from_reader(file);
    reader.records().map(|it| it.unwrap()).collect()
}

fn heading(file: &[u8]) -> StringRecord {
    csv::Reader::from_reader(file).headers().unwrap().clone()
}

fn sale(heading: &StringRecord, record: usize, cells: &StringRecord) -> Sale {
    let pairs = heading.iter().zip(cells);
    let members: Vec<String> = pairs.map(|(name, cell)| member(name, cell)).collect();
    let ordered = heading.iter().position(|it| it == "Order Date").unwrap();
    let date = date(&cells[ordered]);
    let (year, month, day) = date;
    Sale {
        date,
        record,
        entry: format!(
            r#"{{"data":{{{}}},"order_placed":"{year:04}-{month:02}-{day:02}T00:00:00Z"}}"#,
            members.join(",")
        ),
    }
}

fn member(name: &str, cell: &str) -> String {
    let value = if TEXT.contains(&name) {
        serde_json::to_string(cell).unwrap()
    } else {
        shortest(cell)
    };
    format!("{}:{value}", serde_json::to_string(name).unwrap())
}

/// `97.40` is 97.4, `97.00` is 97.
fn shortest(number: &str) -> String {
    match number.contains('.') {
        true => number
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => number.to_owned(),
    }
}

/// M/D/YYYY.
fn date(cell: &str) -> (i32, i32, i32) {
    let parts: Vec<i32> = cell.split('/').map(|it| it.parse().unwrap()).collect();
    (parts[2], parts[0], parts[1])
}
