//! `?status=`: one state, several states separated by commas, or `all`.

use domain::import::State;
use lambda::http::words::not_a_choice;
use lambda::http::{FieldErrors, Refusal};

/// The states that are asked for; without the parameter all but those that left nothing
/// on purpose: cancelled, or only validated. Deleted imports are never listed, whatever is asked for.
pub fn asked(status: Option<&str>) -> Result<Vec<State>, Refusal> {
    match status.map(str::trim) {
        None | Some("") => Ok(every(|state| {
            !matches!(state, State::Cancelled | State::Validated)
        })),
        Some("all") => Ok(every(|_| true)),
        Some(words) => words.split(',').map(str::trim).map(state).collect(),
    }
}

fn every(wanted: fn(State) -> bool) -> Vec<State> {
    let states = State::ALL.iter().copied();
    states.filter(|&state| wanted(state)).collect()
}

fn state(word: &str) -> Result<State, Refusal> {
    word.parse().map_err(|_| {
        let listed = State::ALL.iter().filter(|it| **it != State::Deleted);
        let choices = listed.map(|it| it.as_str()).chain(["all"]);
        let words = not_a_choice(word, choices);
        Refusal::Fields(FieldErrors::one("status", words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_several_all_or_the_default() {
        let usual = asked(None).unwrap();
        assert!(!usual.contains(&State::Cancelled) && usual.contains(&State::Failed));
        assert!(!usual.contains(&State::Validated) && usual.contains(&State::Validating));
        assert_eq!(asked(Some(" ")).unwrap(), usual);
        assert_eq!(asked(Some("all")).unwrap(), State::ALL);
        assert_eq!(asked(Some("cancelled")).unwrap(), [State::Cancelled]);
        let two = [State::Failed, State::Completed];
        assert_eq!(asked(Some("failed, completed")).unwrap(), two);
    }

    #[test]
    fn a_word_that_is_no_state() {
        let refused = asked(Some("done")).unwrap_err().into_response();
        let body = String::from_utf8_lossy(refused.body()).into_owned();
        assert!(body.contains("completed, held, "), "{body}");
        assert!(
            body.ends_with(r#", all."]}"#) && !body.contains("deleted"),
            "{body}"
        );
        for status in ["running", "failed,", "ALL"] {
            assert!(
                matches!(asked(Some(status)), Err(Refusal::Fields(_))),
                "{status}"
            );
        }
    }
}
