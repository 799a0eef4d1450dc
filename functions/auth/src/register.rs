//! `POST /auth/users/`.

use aws::accounts::{NewAccount, Registered};
use contracts::http::accounts::Registered as Body;
use domain::audit::Act;
use lambda::http::body::{self, Fields};
use lambda::http::{FieldErrors, Refusal, Request, Response, fields, respond};

use crate::acts::{Source, Whose};
use crate::{App, email, hashing, password, username};

const TAKEN: &str = "A user with that username already exists.";

struct Form {
    email: String,
    /// As it was sent: this is what the password must not resemble.
    username: String,
    password: String,
}

/// Creates an account. Whether the name is taken is asked last: a request that would make no account
/// learns nothing of who has one.
pub async fn register(app: &App, request: Request) -> Result<Response, Refusal> {
    let source = app.source(&request);
    let content = body::read(request).await?;
    let form = checked(content.fields()?)?;
    let complaints = password::complaints(&form.password, &form.username, &form.email);
    let mut errors = FieldErrors::default();
    errors.add("password", complaints);
    errors.or(())?;
    app.guard.sign_up(source.address).await?;
    create(app, form, &source).await
}

/// Checks each field by itself. The rules for passwords are applied only when all fields are valid.
fn checked(fields: Fields<'_>) -> Result<Form, Refusal> {
    let email = fields::optional(fields, "email").map_err(email::in_its_own_words);
    let username = fields::required(fields, "username");
    let password = fields::as_sent(fields, "password").and_then(fields::without_nul);
    let mut errors = FieldErrors::default();
    errors.add("email", complaints(&email, email::complaints));
    errors.add("username", complaints(&username, username::complaints));
    errors.add("password", complaints(&password, |_| Vec::new()));
    errors.or(Form {
        email: email::normalized(email.unwrap_or_default()),
        username: username.unwrap_or_default(),
        password: password.unwrap_or_default(),
    })
}

fn complaints(read: &Result<String, &'static str>, rules: fn(&str) -> Vec<String>) -> Vec<String> {
    match read {
        Ok(value) => rules(value),
        Err(message) => vec![(*message).to_owned()],
    }
}

async fn create(app: &App, form: Form, source: &Source) -> Result<Response, Refusal> {
    let users = &app.users;
    let username = username::normalized(&form.username);
    // The write says it too; this spares most of those the hash, and an id.
    if users.accounts().by_username(&username).await?.is_some() {
        return Err(taken());
    }
    let password_hash = hashing::hash(form.password)
        .await
        .map_err(Refusal::Internal)?;
    let new = NewAccount {
        username: username.clone(),
        email: form.email.clone(),
        password_hash,
    };
    match users.accounts().create(new).await? {
        Registered::Created { id, owner } => {
            let whose = Whose { owner, user: id };
            app.acts.note(Act::SignedUp, whose, source, None).await;
            let (email, username) = (&form.email, &username);
            let body = Body {
                email,
                username,
                id,
            };
            Ok(respond::json(201, &body))
        }
        Registered::UsernameTaken => Err(taken()),
    }
}

fn taken() -> Refusal {
    Refusal::Fields(FieldErrors::one("username", TAKEN))
}
