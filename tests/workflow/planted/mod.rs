//! Nothing that is secret and nothing of a file is in a log, or in what workflows carry along. Each
//! kind is planted under a word of its own, the way it is meant to be sent and the way it is sent by
//! mistake. Then every line of every function is searched, and each input, output and step of the
//! executions; and also for what must be there, so that a search that finds nothing is known to look.

mod account;
mod files;
mod places;
mod stack;

use uuid::Uuid;

use crate::fixture::client::User;
use crate::fixture::stack::wait_until;
use places::Place;

/// What is not to be found, each with what it is.
#[derive(Default)]
pub struct Planted(Vec<(&'static str, String)>);

impl Planted {
    /// Another word, which stands nowhere else.
    fn word(&mut self, what: &'static str) -> String {
        let word = random_letters();
        self.add(what, &word);
        word
    }

    /// Another number, which stands nowhere else and has no letter of a [`Planted::word`]: as a name
    /// it is not similar to a password.
    fn number(&mut self, what: &'static str) -> String {
        let number = Uuid::new_v4().simple().to_string();
        self.add(what, &number);
        number
    }

    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 12, "{what} is too short to be told apart");
        self.0.push((what, secret.to_owned()));
    }

    /// The parts of a token that make it one.
    fn token(&mut self, what: &'static str, token: &str) {
        for part in token.split('.').skip(1) {
            self.add(what, part);
        }
    }

    /// What makes a link good.
    fn link(&mut self, what: &'static str, url: &str) {
        let (_, query) = url.split_once('?').unwrap();
        let of = |name: &str| query.split('&').find_map(|it| it.strip_prefix(name));
        self.add(what, of("X-Amz-Signature=").unwrap());
        if let Some(session) = of("X-Amz-Security-Token=") {
            self.add(what, session);
        }
    }

    /// Where any of it is, and what it is.
    fn found_in(&self, places: &[Place]) -> Vec<String> {
        let mut found = Vec::new();
        for place in places {
            let here = self.0.iter().filter(|(_, it)| place.text.contains(it));
            found.extend(here.map(|(what, _)| format!("{what} in {}: {}", place.name, place.text)));
        }
        found
    }
}

/// What must be found, or nothing was looked at: each function has written of what was done here.
struct Expected {
    /// Of imports and exports.
    uids: Vec<Uuid>,
    user: i64,
    /// A part of a path that was asked for.
    path: String,
}

/// The functions of the way of a file, of a cancel, of an export and of the API.
const WRITERS: [&str; 15] = [
    "AuthFunction",
    "ControlExportFunction",
    "ControlImportFunction",
    "DeclareDatasetFunction",
    "FinishImportFunction",
    "ImportChunkFunction",
    "ListImportsFunction",
    "PlanChunksFunction",
    "PrepareObjectFunction",
    "QueryDataFunction",
    "RollbackImportFunction",
    "ShowAuditFunction",
    "StartImportFunction",
    "UploadFileFunction",
    "WriteExportFunction",
];

impl Expected {
    /// Functions that have not said anything of it, and places without it.
    fn missing(&self, places: &[Place]) -> Vec<String> {
        let uids: Vec<String> = self.uids.iter().map(Uuid::to_string).collect();
        let user = format!("\"user\":{},", self.user);
        let is_of_these = |place: &Place| {
            place.text.contains(&user) || uids.iter().any(|it| place.text.contains(it))
        };
        let mut missing = Vec::new();
        for writer in WRITERS {
            let wrote = |it: &&Place| it.name.contains(writer) && is_of_these(it);
            if places.iter().find(wrote).is_none() {
                missing.push(format!("nothing by {writer}"));
            }
        }
        for uid in uids {
            let carried = |it: &Place| it.is_execution() && it.text.contains(&uid);
            if !places.iter().any(carried) {
                missing.push(format!("no execution of {uid}"));
            }
        }
        if !places.iter().any(|it| it.text.contains(&self.path)) {
            missing.push("no path".to_owned());
        }
        missing
    }
}

#[test]
fn no_log_and_no_workflow_has_a_secret_or_a_cell() {
    let mut planted = Planted::default();
    stack::secrets(&mut planted);
    let user: User = account::signed_in_and_mistaken(&mut planted);
    let mut uids = files::imported(&mut planted, &user);
    uids.extend(files::exported(&mut planted, &user));
    let path = format!("w{}", &random_letters()[..16]);
    user.get(&format!("/collect/{path}/")).expect(404);
    let expected = Expected {
        uids,
        user: user.id,
        path,
    };
    // A line is there when its invocation has ended.
    wait_until("everything is written", || {
        expected.missing(&places::all(&expected.uids)).is_empty()
    });
    let places = places::all(&expected.uids);
    let found = planted.found_in(&places);
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(planted.0.len() > 40, "{} secrets", planted.0.len());
}

/// A search that finds what is there.
#[test]
fn what_is_planted_in_a_log_is_found() {
    let mut planted = Planted::default();
    let word = planted.word("a word");
    let place = |text: String| Place::line("a function", text);
    let lines = [
        place("{}".to_owned()),
        place(format!("{{\"cause\":\"{word}.\"}}")),
    ];
    assert_eq!(planted.found_in(&lines).len(), 1);
    planted.link(
        "a link",
        "https://x/y?X-Amz-Date=1&X-Amz-Signature=0123456789ab&z=1",
    );
    assert_eq!(
        planted
            .found_in(&[place("…=0123456789ab…".to_owned())])
            .len(),
        1
    );
}

/// Letters that no hexadecimal number has.
pub fn random_letters() -> String {
    let number = Uuid::new_v4().simple().to_string();
    let letter = |digit: char| {
        digit
            .to_digit(16)
            .and_then(|it| char::from_digit(it + 16, 32))
    };
    number.chars().filter_map(letter).collect()
}
