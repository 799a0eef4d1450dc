//! What a million rows use, as `bench import` measured it.

use anyhow::Result;
use serde_json::Value;

use crate::environment;

/// The contender that does what workers do, two at a time.
const CONTENDER: &str = "engine, 2 workers";

/// CPU seconds for a million rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// Of planner and workers.
    pub client: f64,
    /// Of PostgreSQL.
    pub server: f64,
    /// Where the two come from.
    pub source: String,
}

impl Used {
    /// What this checkout's last `bench import` measured, or what docs/figures.md says.
    pub fn last() -> Result<Self> {
        let path = environment::output_folder()?.join("import.json");
        let measured = std::fs::read_to_string(&path).ok();
        let measured = measured.and_then(|text| measured_in(&serde_json::from_str(&text).ok()?));
        Ok(measured.unwrap_or_else(known))
    }
}

/// docs/figures.md, 2026-11-23, 5,000,000 rows.
fn known() -> Used {
    Used {
        client: 1.30,
        server: 3.74,
        source: "docs/figures.md".into(),
    }
}

/// Medians of the largest file that was measured.
fn measured_in(report: &Value) -> Option<Used> {
    let blocks = report["blocks"].as_array()?;
    let line = |block: &Value| {
        let lines = block["lines"].as_array()?;
        lines
            .iter()
            .find(|it| it["contender"] == CONTENDER)
            .cloned()
    };
    let measured = blocks.iter().filter_map(|it| Some((it, line(it)?)));
    let (largest, line) = measured.max_by_key(|(block, _)| block["rows"].as_u64())?;
    let rows = largest["rows"].as_f64()?;
    let median = |name: &str| {
        let runs = line["runs"].as_array()?;
        let seconds = runs
            .iter()
            .map(|it| it[name].as_f64())
            .collect::<Option<_>>()?;
        Some(crate::measured::Spread::of(seconds).median * 1e6 / rows)
    };
    Some(Used {
        client: median("client_cpu")?,
        server: median("server_cpu")?,
        source: format!("the last `bench import` of {rows} rows"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_largest_file_counts() {
        let line = |client: f64| json!({"contender": CONTENDER, "runs": [{"client_cpu": client, "server_cpu": 4.0}]});
        let report = json!({"blocks": [
            {"rows": 100, "lines": [line(9.0)]},
            {"rows": 2_000_000, "lines": [{"contender": "psql"}, line(3.0)]},
            {"rows": 9_000_000, "lines": [{"contender": "psql"}]},
        ]});
        let used = measured_in(&report).unwrap();
        assert_eq!((used.client, used.server), (1.5, 2.0));
        assert_eq!(measured_in(&json!({"blocks": []})), None);
    }
}
