//! sample
use std::io::{Result, Write};
pub fn sales_records(_seed: u64, _count: u64, _out: &mut impl Write) -> Result<()> {
    Ok(())
}
pub fn teams(_seed: u64, _count: u64, _out: &mut impl Write) -> Result<()> {
    Ok(())
}
