use serde_json::json;

use crate::fixture::client::User;

/// A sign-in ends no other session of its user.
#[test]
fn a_user_may_be_signed_in_more_than_once() {
    let first = User::new();
    let user = json!({"id": first.id, "username": first.name});
    let others = [(), ()].map(|()| User::sign_in(&user, "12ab34cd"));
    for session in others.iter().chain([&first]) {
        session.get("/collect/team/").expect(200);
    }
}
