use super::*;

fn method() -> Refusal {
    let method = "PUT".to_owned();
    let allow = "GET";
    Refusal::MethodNotAllowed { method, allow }
}

fn fields() -> Refusal {
    let mut errors = FieldErrors::default();
    errors.add("username", vec!["a".into(), "b".into()]);
    errors.add("email", vec![]);
    errors.add("password", vec!["c".into()]);
    Refusal::Fields(errors)
}

fn own() -> Refusal {
    Refusal::Coded {
        status: 409,
        code: "wrong_state",
        detail: "It is over.".into(),
    }
}

fn away() -> Refusal {
    Refusal::Unavailable {
        code: "database_away",
        detail: "Send it again.",
        failure: "postgresql: words".into(),
    }
}

#[test]
fn only_what_is_not_the_clients_fault_is_not_expected() {
    assert_eq!(Refusal::expected(Ok(1)).unwrap().unwrap(), 1);
    let refused = Refusal::expected::<()>(Err(Refusal::NotFound));
    assert!(matches!(refused, Ok(Err(Refusal::NotFound))));
    let failed = Refusal::expected::<()>(Err(std::io::Error::other("?").into()));
    assert!(matches!(failed, Err(Refusal::Internal(_))));
    let away = Refusal::expected::<()>(Err(away()));
    assert!(matches!(away, Err(Refusal::Unavailable { .. })));
}

#[test]
fn a_refusal_has_a_word_for_the_log() {
    let words = [
        (Unauthorized::NoActiveAccount.into(), "no_active_account"),
        (
            Unauthorized::RefreshBlacklisted.into(),
            "refresh_blacklisted",
        ),
        (Refusal::NotFound, "not_found"),
        (fields(), "fields"),
        (own(), "wrong_state"),
        (Refusal::Throttled { seconds: 7 }, "throttled"),
    ];
    for (refusal, word) in words {
        assert_eq!(refusal.word(), word);
    }
}

#[test]
fn refusals_to_the_letter() {
    use Unauthorized as No;
    #[rustfmt::skip]
    let table = [
        (No::NoCredentials.into(), 401, r#"{"detail":"Authentication credentials were not provided."}"#),
        (No::BadHeader.into(), 401, r#"{"detail":"Authorization header must contain two space-delimited values","code":"bad_authorization_header"}"#),
        (No::TokenInvalid.into(), 401, r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is invalid or expired"}]}"#),
        (No::TokenOfWrongType.into(), 401, r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token has wrong type"}]}"#),
        (No::TokenBlacklisted.into(), 401, r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access","message":"Token is blacklisted"}]}"#),
        (No::UserNotFound.into(), 401, r#"{"detail":"User not found","code":"user_not_found"}"#),
        (No::NoActiveAccount.into(), 401, r#"{"detail":"No active account found with the given credentials"}"#),
        (No::RefreshInvalid.into(), 401, r#"{"detail":"Token is invalid or expired","code":"token_not_valid"}"#),
        (No::RefreshOfWrongType.into(), 401, r#"{"detail":"Token has wrong type","code":"token_not_valid"}"#),
        (No::RefreshBlacklisted.into(), 401, r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#),
        (No::KeyNotWhole.into(), 401, r#"{"detail":"API key was cut short or mistyped: send it as it was shown when it was made","code":"key_not_valid"}"#),
        (No::KeyUnknown.into(), 401, r#"{"detail":"API key is unknown or was revoked: sign in and make another at /auth/keys/","code":"key_not_valid"}"#),
        (No::KeyExpired(Timestamp::UNIX_EPOCH).into(), 401, r#"{"detail":"API key expired at 1970-01-01T00:00:00Z: sign in and make another at /auth/keys/","code":"key_expired"}"#),
        (method(), 405, r#"{"detail":"Method \"PUT\" not allowed."}"#),
        (Refusal::NotFound, 404, r#"{"detail":"Not found."}"#),
        (Refusal::Forbidden, 403, r#"{"detail":"You do not have permission to perform this action."}"#),
        (Refusal::another_active("orders", None), 403, r#"{"detail":"Another import of this dataset is active, and it takes one at a time. Wait until that one has ended, or cancel it.","code":"import_active","import":null,"until":null}"#),
        (Refusal::another_active("baseline", None), 403, r#"{"detail":"You do not have permission to perform this action.","code":"baseline_active","import":null,"until":null}"#),
        (Refusal::UnsupportedMediaType("text/plain".into()), 415, r#"{"detail":"Unsupported media type \"text/plain\" in request."}"#),
        (Refusal::Unreadable("JSON parse error - x".into()), 400, r#"{"detail":"JSON parse error - x"}"#),
        (fields(), 400, r#"{"username":["a","b"],"password":["c"]}"#),
        (own(), 409, r#"{"detail":"It is over.","code":"wrong_state"}"#),
        (Refusal::Throttled { seconds: 1 }, 429, r#"{"detail":"Request was throttled. Expected available in 1 second."}"#),
        (Refusal::Throttled { seconds: 512 }, 429, r#"{"detail":"Request was throttled. Expected available in 512 seconds."}"#),
        (away(), 503, r#"{"detail":"Send it again.","code":"database_away"}"#),
        (std::io::Error::other("x").into(), 500, r#"{"detail":"Internal server error."}"#),
    ];
    for (refusal, status, body) in table {
        let response = refusal.into_response();
        assert_eq!(std::str::from_utf8(response.body()).unwrap(), body);
        assert_eq!(response.status(), status, "{body}");
        assert_eq!(response.headers()["content-type"], "application/json");
        let challenge = response.headers().get("www-authenticate");
        assert_eq!(challenge.is_some(), status == 401, "{body}");
    }
}

#[test]
fn a_401_says_how_to_sign_in() {
    let response = Refusal::from(Unauthorized::NoCredentials).into_response();
    let challenge = &response.headers()["www-authenticate"];
    assert_eq!(challenge, "Bearer realm=\"api\"");
}

#[test]
fn who_is_refused_for_a_while_is_told_how_long() {
    let again = |refusal: Refusal| refusal.into_response().headers()["retry-after"].clone();
    assert_eq!(again(Refusal::Throttled { seconds: 64 }), "64");
    assert_eq!(again(Refusal::Busy { detail: "x" }), "5");
    assert_eq!(again(away()), "5");
}
