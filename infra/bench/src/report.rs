//! Where figures go: a line for people, a file for programs.

use serde_json::Value;

use crate::{Outcome, environment};

/// Writes `target/bench/{name}.json`.
pub fn write(name: &str, figures: &Value) -> Outcome {
    let file = environment::output_folder()?.join(format!("{name}.json"));
    std::fs::write(&file, format!("{figures:#}\n"))?;
    println!("written to {}", file.display());
    Ok(())
}

/// The middle one; of an even number, the mean of the two.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }
}
