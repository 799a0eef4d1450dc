//! `POST /token/refresh/` and `POST /token/blacklist/`: what a refresh token is good for, and its
//! end.

use aws::accounts::{Exchange, User};
use contracts::http::accounts::{Access, RotatedPair};
use domain::audit::Act;
use domain::family::{Family, Turn};
use jiff::Timestamp;
use lambda::http::body;
use lambda::http::{FieldErrors, Refusal, Request, Response, Unauthorized, fields, respond};
use lambda::tokens::{Checked, TokenError, TokenType};
use serde_json::json;

use crate::App;
use crate::acts::{Source, Whose};
use crate::cookie::Console;

/// What is written down of a token that is good for nothing any more, and is sent all the same.
const ENDED_BEFORE: &str = "It had been ended before.";

/// A refresh token that was good when it was presented.
struct Presented {
    token: Checked,
    user: User,
    family: Family,
    at: Timestamp,
}

/// A new access token for a refresh token; for one of a family its successor, too.
pub async fn refresh(app: &App, request: Request) -> Result<Response, Refusal> {
    let console = Console::of(&request, &app.base);
    let source = app.source(&request);
    let content = body::read(request).await?;
    let sent = console.sent(content.fields()?)?;
    let presented = present(app, &sent.token, &source).await?;
    let successor = match presented.token.family {
        Some(_) => Some(exchange(app, &presented, &source).await?),
        None => None,
    };
    let issued_at = presented.user.issued_at(presented.at);
    let keys = app.users.keys();
    let access = keys
        .issue(TokenType::Access, presented.user.id, issued_at)
        .await?;
    match successor {
        Some(successor) if sent.by_cookie => {
            console.set(respond::json(200, &Access { access }), &successor)
        }
        Some(refresh) => Ok(respond::json(200, &RotatedPair { access, refresh })),
        None => Ok(respond::json(200, &Access { access })),
    }
}

/// Ends a refresh token with its family or, if that is asked, all tokens of its user.
pub async fn blacklist(app: &App, request: Request) -> Result<Response, Refusal> {
    let console = Console::of(&request, &app.base);
    let source = app.source(&request);
    let content = body::read(request).await?;
    let fields = content.fields()?;
    let sent = console.sent(fields)?;
    let all = fields::boolean(fields.get("all"))
        .map_err(|message| Refusal::Fields(FieldErrors::one("all", message)))?;
    let presented = present(app, &sent.token, &source).await?;
    let whose = Whose::from(&presented.user);
    let act = match all {
        Some(true) => {
            end_all(app, presented).await?;
            Act::SessionsEnded
        }
        _ => {
            end_family(app, &presented).await?;
            Act::SignedOut
        }
    };
    app.acts.note(act, whose, &source, None).await;
    let response = respond::json(200, &json!({}));
    if sent.by_cookie {
        return console.forget(response);
    }
    Ok(response)
}

/// Checks a refresh token, its user and its family.
async fn present(app: &App, token: &str, source: &Source) -> Result<Presented, Refusal> {
    let at = Timestamp::now();
    let keys = app.users.keys();
    let checked = keys.check(token.as_bytes(), TokenType::Refresh, at).await;
    let token = checked.map_err(|error| error.refusal(refused))?;
    let accounts = app.users.accounts();
    let (user, family) = tokio::try_join!(
        accounts.by_id(token.user_id),
        accounts.family(token.family_id())
    )?;
    let user = user.ok_or(Unauthorized::UserNotFound)?;
    source.found(&user);
    if family.ended || user.has_ended(token.issued_at) {
        let detail = Some(ENDED_BEFORE.to_owned());
        app.acts
            .note_once_an_hour(Act::RefreshRefused, &user, source, detail)
            .await;
        return Err(Unauthorized::RefreshBlacklisted.into());
    }
    Ok(Presented {
        token,
        user,
        family,
        at,
    })
}

fn refused(error: TokenError) -> Unauthorized {
    match error {
        TokenError::WrongType => Unauthorized::RefreshOfWrongType,
        TokenError::Invalid | TokenError::NoUser => Unauthorized::RefreshInvalid,
    }
}

/// The successor of a token of a family. A token that was exchanged before ends the family.
async fn exchange(app: &App, presented: &Presented, source: &Source) -> Result<String, Refusal> {
    let token = &presented.token;
    let now = presented.at.as_second();
    let issued_at = presented.user.issued_at(presented.at);
    let mut family = presented.family.clone();
    loop {
        let ends = family.successor_ends(token.issued_at, issued_at.as_second());
        match family.turn(&token.jti, token.parent.as_deref(), now) {
            Turn::Again => break Ok(app.users.keys().succeed(token, issued_at, ends).await?),
            Turn::Exchange => {
                let accounts = app.users.accounts();
                if accounts
                    .exchange(&exchanged(presented, &family, ends))
                    .await?
                {
                    break Ok(app.users.keys().succeed(token, issued_at, ends).await?);
                }
                // Another request was first. What it left is never to be exchanged by this token.
                family = accounts.family(token.family_id()).await?;
            }
            Turn::Replayed => {
                end_family(app, presented).await?;
                let user = &presented.user;
                app.acts.note(Act::RefreshRefused, user, source, None).await;
                break Err(Unauthorized::RefreshBlacklisted.into());
            }
            Turn::Ended => break Err(Unauthorized::RefreshBlacklisted.into()),
        }
    }
}

fn exchanged<'p>(presented: &'p Presented, family: &Family, successor_ends: i64) -> Exchange<'p> {
    let token = &presented.token;
    Exchange {
        family: token.family_id(),
        user_id: token.user_id,
        jti: &token.jti,
        parent: token.parent.as_deref(),
        began: family.began(token.issued_at),
        at: presented.at.as_second(),
        successor_ends,
    }
}

async fn end_family(app: &App, presented: &Presented) -> Result<(), Refusal> {
    let (token, now) = (&presented.token, presented.at.as_second());
    let accounts = app.users.accounts();
    accounts
        .end_family(token.family_id(), token.user_id, now, token.expires_at)
        .await?;
    Ok(())
}

async fn end_all(app: &App, presented: Presented) -> Result<(), Refusal> {
    let accounts = app.users.accounts();
    if accounts.end_all_tokens(presented.user).await? {
        return Ok(());
    }
    Err(Unauthorized::UserNotFound.into())
}
