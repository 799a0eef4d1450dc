//! The roles beside the owner: what keeps the owner from making the schema, and letting the others in.

use postgres_protocol::password::scram_sha_256;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::{Database, Error, Settings};

/// What this user lacks to make the schema, or to change the one that is there, and what to say to
/// the server for it. `None`: nothing.
///
/// # Errors
/// The server or the connection is at fault.
pub async fn lacking(client: &Client) -> Result<Option<String>, Error> {
    let sql = "SELECT current_user::text, current_database()::text, \
               pg_get_userbyid(c.relowner)::text AS owner, \
               c.oid IS NULL OR pg_has_role(c.relowner, 'USAGE') AS is_owner, \
               has_schema_privilege('public', 'CREATE') AS may_create \
         FROM (SELECT to_regclass('public.refinery_schema_history') AS oid) AS history \
         LEFT JOIN pg_class c ON c.oid = history.oid";
    let row = client.query_one(sql, &[]).await?;
    let (user, database): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    if !row.try_get::<_, bool>("is_owner")? {
        let owner: String = row.try_get("owner")?;
        return Ok(Some(format!(
            "the schema in database `{database}` belongs to the user `{owner}`, and the secret is \
             that of `{user}`: give the secret of `{owner}`"
        )));
    }
    if row.try_get("may_create")? {
        return Ok(None);
    }
    Ok(Some(format!(
        "the user `{user}` may not make tables in database `{database}`: say ALTER DATABASE \
         {database} OWNER TO {user} as the main user of the server"
    )))
}

/// Lets a role in with the password of its secret, if the server does not take it yet. It is given
/// to the server as what SCRAM keeps of it: the text of a statement may come to a log. True: it was.
///
/// # Errors
/// The server is at fault, or the owner may not do it; the words say who may.
pub async fn let_in(owner: &Client, suffix: &str, login: &Settings) -> Result<bool, Error> {
    if signs_in(login).await? {
        return Ok(false);
    }
    let sql = "SELECT owner_role($1)::text, to_regrole(quote_ident(owner_role($1))) IS NOT NULL";
    let row = owner.query_one(sql, &[&suffix]).await?;
    let (name, is_there): (String, bool) = (row.try_get(0)?, row.try_get(1)?);
    if name != login.user {
        return Err(Error::Role(format!(
            "the server refuses the user `{}` of the secret; its name must be `{name}`, after the \
             owner's",
            login.user
        )));
    }
    if !is_there {
        return Err(Error::Role(format!(
            "the server has no role `{name}`, and the owner may make none: say CREATE ROLE {name} \
             LOGIN PASSWORD '…' with the password of the secret, as the main user of the server"
        )));
    }
    set_password(owner, &name, &login.password).await?;
    if signs_in(login).await? {
        return Ok(true);
    }
    Err(Error::Role(format!(
        "the server refuses `{name}` although it was given the password of the secret just now"
    )))
}

async fn set_password(owner: &Client, name: &str, password: &str) -> Result<(), Error> {
    let verifier = scram_sha_256(password.as_bytes());
    let sql = "SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)";
    let row = owner.query_one(sql, &[&name, &verifier]).await?;
    let set = owner.batch_execute(row.try_get(0)?).await;
    match set {
        Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
            Err(Error::Role(format!(
                "the server refuses `{name}` with the password of its secret, and the owner may not \
                 change it: say ALTER ROLE {name} LOGIN PASSWORD '…' with that password, as the \
                 user who made the role"
            )))
        }
        set => Ok(set?),
    }
}

/// Whether the server takes the password.
async fn signs_in(login: &Settings) -> Result<bool, Error> {
    let database = Database::new(login.clone())?;
    let opened = database.connection().await;
    match opened {
        Ok(connection) => {
            connection.close().await;
            Ok(true)
        }
        Err(error) if error.is_sign_in_refused() => Ok(false),
        Err(error) => Err(error),
    }
}
