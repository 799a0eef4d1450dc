use crate::fixture::client::{Import, User};
use crate::fixture::sample;

const NOT_FOUND: &str = r#"{"detail":"Not found."}"#;
const NOTHING: &str = r#"{"count":0,"next":null,"previous":null,"results":[]}"#;

#[test]
fn a_user_cannot_read_stop_or_detect_the_import_of_another() {
    let (owner, other) = (User::new(), User::new());
    let done = owner.upload("team", &sample::teams(81, 20));
    let sales = owner.upload("baseline", &sample::sales(82, 20));
    done.ends("completed");
    sales.ends("completed");
    let (waiting, _) = owner.ask_for_url("team", 1_000);
    let before = [&done, &sales, &waiting].map(|it| it.detail());
    for import in [&done, &sales, &waiting] {
        is_not_there(&other, import);
    }
    for list in [
        "/collect/team/",
        "/collect/baseline/",
        "/collect/team/?status=all",
        "/collect/data/",
    ] {
        other.get(list).is(200, NOTHING);
    }
    assert_eq!([&done, &sales, &waiting].map(|it| it.detail()), before);
    assert_eq!(done.rows_seen(), 20);
    assert_eq!(owner.sales_seen(), 20);
}

/// The answers are, to the letter, those for an import that does not exist.
fn is_not_there(other: &User, import: &Import<'_>) {
    other.get(&import.path).is(404, NOT_FOUND);
    for part in ["errors", "rows"] {
        other
            .get(&format!("{}{part}/", import.path))
            .is(404, NOT_FOUND);
    }
    for command in ["cancel", "pause", "resume"] {
        other
            .post(&format!("{}{command}/", import.path))
            .is(404, NOT_FOUND);
    }
    other.delete(&import.path).is(404, NOT_FOUND);
}

#[test]
fn ids_count_for_each_user_and_dataset() {
    let (one, other) = (User::new(), User::new());
    for user in [&one, &other] {
        for expected in ["/collect/team/1/", "/collect/team/2/"] {
            assert_eq!(user.ask_for_url("team", 10).0.path, expected);
        }
        assert_eq!(
            user.ask_for_url("baseline", 10).0.path,
            "/collect/baseline/1/"
        );
    }
    // A number alone does not tell whose import it is.
    one.delete("/collect/team/1/").is(204, "");
    assert_eq!(
        other.get("/collect/team/1/").expect(200)["status"],
        "awaiting_upload"
    );
}
