//! `POST /auth/users/`.

use aws::accounts::{NewAccount, Registered};
use contracts::http::accounts::Registered as Body;
use lambda::http::body::{self, Fields};
use lambda::http::{FieldErrors, Refusal, Request, Response, fields, respond};
use lambda::user::Users;

use crate::{email, hashing, password, username};

const TAKEN: &str = "A user with that username already exists.";

struct Form {
    email: String,
    /// As it was sent: this is what the password must not resemble.
    username: String,
    password: String,
}

/// Creates an account.
pub async fn register(users: &Users, request: Request) -> Result<Response, Refusal> {
    let content = body::read(request).await?;
    let form = checked(users, content.fields()?).await?;
    let complaints = password::complaints(&form.password, &form.username, &form.email);
    let mut errors = FieldErrors::default();
    errors.add("password", complaints);
    errors.or(())?;
    create(users, form).await
}

/// Checks each field by itself. The rules for passwords are applied only when all fields are valid.
async fn checked(users: &Users, fields: Fields<'_>) -> Result<Form, Refusal> {
    let email = fields::optional(fields, "email").map_err(email::in_its_own_words);
    let username = fields::required(fields, "username");
    let password = fields::as_sent(fields, "password").and_then(fields::without_nul);
    let mut errors = FieldErrors::default();
    errors.add("email", complaints(&email, email::complaints));
    let mut about_username = complaints(&username, username::complaints);
    if let (Ok(name), true) = (&username, about_username.is_empty())
        && let name = username::normalized(name)
        && users.accounts().by_username(&name).await?.is_some()
    {
        about_username.push(TAKEN.to_owned());
    }
    errors.add("username", about_username);
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

async fn create(users: &Users, form: Form) -> Result<Response, Refusal> {
    let password_hash = hashing::hash(form.password)
        .await
        .map_err(Refusal::Internal)?;
    let username = username::normalized(&form.username);
    let new = NewAccount {
        username: username.clone(),
        email: form.email.clone(),
        password_hash,
    };
    match users.accounts().create(new).await? {
        Registered::Created(id) => {
            let (email, username) = (&form.email, &username);
            let body = Body {
                email,
                username,
                id,
            };
            Ok(respond::json(201, &body))
        }
        Registered::UsernameTaken => Err(Refusal::Fields(FieldErrors::one("username", TAKEN))),
    }
}
