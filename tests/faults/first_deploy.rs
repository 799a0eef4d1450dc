//! What a first deploy may find on a server, and what it says of it.

use postgres::{Barrier, Database, Settings, migrations, roles};
use uuid::Uuid;

use crate::fixture::database::Fixture;

/// An owner as the main user of a managed server is, or one with fewer rights, and a database of
/// its own without a schema.
struct Owner<'a> {
    fixture: &'a Fixture,
    settings: Settings,
}

impl<'a> Owner<'a> {
    async fn new(fixture: &'a Fixture, rights: &str) -> Self {
        let name = format!("owner_{}", &Uuid::new_v4().simple().to_string()[..12]);
        let settings = Settings {
            database: name.clone(),
            ..fixture.settings(&name, "of-owner")
        };
        for statement in [
            format!("CREATE ROLE {name} LOGIN {rights} PASSWORD 'of-owner'"),
            format!("GRANT {name} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE"),
            format!("CREATE DATABASE {name} OWNER {name}"),
        ] {
            fixture.execute(&statement, &[]).await;
        }
        Self { fixture, settings }
    }

    fn database(&self) -> Database {
        Database::new(self.settings.clone()).unwrap()
    }

    fn role(&self, suffix: &str, password: &str) -> Settings {
        Settings {
            user: format!("{}_{suffix}", self.settings.user),
            password: password.to_owned(),
            ..self.settings.clone()
        }
    }

    async fn remove(self) {
        let name = &self.settings.user;
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        self.fixture.execute(&drop, &[]).await;
    }
}

async fn error_of(login: &Settings) -> postgres::Error {
    let database = Database::new(login.clone()).unwrap();
    database.connection().await.err().unwrap()
}

#[tokio::test]
async fn roles_are_let_in_with_the_passwords_of_their_secrets() {
    let fixture = Fixture::new().await;
    let owner = Owner::new(&fixture, "CREATEROLE").await;
    let database = owner.database();
    let mut client = database.connection().await.unwrap();
    assert_eq!(roles::lacking(&client).await.unwrap(), None);
    migrations::run(&mut client).await.unwrap();
    for suffix in ["worker", "maker", "reader"] {
        let before = owner.role(suffix, "before");
        // Nobody was let in yet; then a second deploy finds nothing to do; then a rotation.
        let refused = error_of(&before).await;
        assert_eq!(refused.barrier(), Some(Barrier::SignIn), "{refused}");
        let let_in = async |login| roles::let_in(&client, suffix, login).await.unwrap();
        assert!(let_in(&before).await, "{suffix}");
        assert!(!let_in(&before).await, "{suffix}");
        let after = owner.role(suffix, "after");
        assert!(let_in(&after).await, "{suffix}");
        let refused = error_of(&before).await;
        assert_eq!(refused.barrier(), Some(Barrier::SignIn), "{refused}");
    }
    client.close().await;
    owner.remove().await;
}

#[tokio::test]
async fn a_role_that_cannot_be_let_in_says_who_can_do_it() {
    let fixture = Fixture::new().await;
    let owner = Owner::new(&fixture, "NOCREATEROLE").await;
    let database = owner.database();
    let mut client = database.connection().await.unwrap();
    migrations::run(&mut client).await.unwrap();
    let name = owner.role("worker", "").user;
    let other = Settings {
        user: "somebody".to_owned(),
        ..owner.role("worker", "secret")
    };
    let login = owner.role("worker", "secret");
    let said = async |login: &Settings| {
        let refused = roles::let_in(&client, "worker", login).await.unwrap_err();
        let words = refused.to_string();
        assert!(!words.contains("secret'"), "{words}");
        words
    };
    let words = said(&other).await;
    assert!(words.contains(&format!("must be `{name}`")), "{words}");
    let words = said(&login).await;
    assert!(words.contains(&format!("CREATE ROLE {name} ")), "{words}");
    // Made by another user than the owner, as docs/deploy.md said for servers that have one already.
    fixture
        .execute(&format!("CREATE ROLE {name} LOGIN PASSWORD 'other'"), &[])
        .await;
    let words = said(&login).await;
    assert!(words.contains(&format!("ALTER ROLE {name} ")), "{words}");
    let login = owner.role("worker", "other");
    assert!(!roles::let_in(&client, "worker", &login).await.unwrap());
    client.close().await;
    owner.remove().await;
}

#[tokio::test]
async fn an_owner_that_may_not_make_the_schema_is_told_before_it() {
    let fixture = Fixture::new().await;
    let owner = Owner::new(&fixture, "NOCREATEROLE").await;
    let guest = Owner::new(&fixture, "NOCREATEROLE").await;
    let (user, host) = (&guest.settings.user, &owner.settings.user);
    let settings = Settings {
        database: owner.settings.database.clone(),
        ..guest.settings.clone()
    };
    let database = Database::new(settings).unwrap();
    let client = database.connection().await.unwrap();
    let words = roles::lacking(&client).await.unwrap().unwrap();
    let expected = format!("ALTER DATABASE {host} OWNER TO {user} ");
    assert!(words.contains(&expected), "{words}");
    let of_owner = owner.database();
    let mut of_owner = of_owner.connection().await.unwrap();
    migrations::run(&mut of_owner).await.unwrap();
    let words = roles::lacking(&client).await.unwrap().unwrap();
    assert!(
        words.contains(&format!("give the secret of `{host}`")),
        "{words}"
    );
    of_owner.close().await;
    client.close().await;
    guest.remove().await;
    owner.remove().await;
}

#[tokio::test]
async fn what_stands_between_a_deploy_and_the_server() {
    let fixture = Fixture::new().await;
    let owner = Owner::new(&fixture, "NOCREATEROLE").await;
    let usual = || owner.settings.clone();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    for (settings, expected) in [
        (
            Settings {
                password: "x".into(),
                ..usual()
            },
            Barrier::SignIn,
        ),
        (
            Settings {
                user: "nobody".into(),
                ..usual()
            },
            Barrier::SignIn,
        ),
        (
            Settings {
                database: "nothing".into(),
                ..usual()
            },
            Barrier::NoDatabase,
        ),
        (Settings { port, ..usual() }, Barrier::Closed),
    ] {
        let error = error_of(&settings).await;
        assert_eq!(error.barrier(), Some(expected), "{error}");
    }
    owner.remove().await;
}

/// The server of the tests has no certificate, and a deployed function takes nothing less.
#[tokio::test]
async fn a_host_without_a_name_or_without_tls() {
    let fixture = Fixture::new().await;
    let elsewhere = Settings {
        host: "no-such-host.invalid".to_owned(),
        tls: postgres::Tls::VerifyFull,
        ..fixture.settings("x", "x")
    };
    let error = error_of(&elsewhere).await;
    assert_eq!(error.barrier(), Some(Barrier::NoSuchHost), "{error}");
    let here = Settings {
        host: "localhost".to_owned(),
        ..elsewhere
    };
    let error = error_of(&here).await.to_string();
    assert!(error.contains("does not support TLS"), "{error}");
}
