//! `cargo xtask rotate-signing-key`: what an operator does with `aws lambda invoke`.

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::progress::say;
use crate::stack::Stack;
use crate::{cloud, services};

/// Rotates the key of a stack that is up, and says what signs now.
pub fn rotate(stack: &Stack, leaked: bool) -> Result<()> {
    let life = services::running(stack).context("nothing is up")?;
    let outputs = cloud::outputs(&life.endpoint(), stack.name)?;
    let function = outputs["RotateSigningKeyFunction"].as_str();
    let function = function.context("the stack has no output RotateSigningKeyFunction")?;
    let why = if leaked { "leaked" } else { "planned" };
    let rotated = cloud::invoke(&life.endpoint(), function, &json!({ "rotate": why }))?;
    let Some(signs) = rotated["signs"].as_str() else {
        bail!("the function answered {rotated}");
    };
    say(&format!("{signs} signs, within a minute everywhere"));
    for (kid, end) in rotated["ending"].as_object().into_iter().flatten() {
        let end = end.as_str().unwrap_or_default();
        say(&format!("{kid} is accepted until {end}"));
    }
    if leaked {
        say("tokens of every earlier key are refused within a minute: sign in again");
    }
    Ok(())
}
