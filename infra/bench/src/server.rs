//! The PostgreSQL server: databases for a run each, CPU and WAL while it runs.

use anyhow::{Context as _, Result, bail};
use postgres::{Database, Settings, Tls};
use tokio_postgres::config::Host;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, NoTls};

use crate::measured::Measured;
use crate::{environment, processes};

/// Longer than the vacuum of any table here takes.
const VACUUM_AT_MOST: std::time::Duration = std::time::Duration::from_secs(60);

/// A server and one session on it to ask.
pub struct Server {
    config: Config,
    client: Client,
    postmaster: i32,
}

/// Where server and children stood when a run began.
pub struct Watch {
    began: std::time::Instant,
    server_cpu: f64,
    children_cpu: f64,
    wal: i64,
}

impl Server {
    /// The server of the running stack.
    pub async fn open() -> Result<Self> {
        let config: Config = environment::required("TEST_DATABASE_URL")?.parse()?;
        let client = connect(&config).await?;
        let backend: i32 = client
            .query_one("SELECT pg_backend_pid()", &[])
            .await?
            .get(0);
        let postmaster = processes::parent(backend);
        Ok(Self {
            config,
            client,
            postmaster: postmaster.context("the server does not run on this machine")?,
        })
    }

    /// A new, empty database; one of the same name is dropped.
    pub async fn create(&self, name: &str) -> Result<()> {
        self.drop(name).await?;
        self.client
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .await?;
        Ok(())
    }

    /// Drops it, with its sessions. A vacuum of the server's own cannot be ended by this user:
    /// it is waited for.
    pub async fn drop(&self, name: &str) -> Result<()> {
        let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        let begun = std::time::Instant::now();
        loop {
            let dropped = self.client.batch_execute(&sql).await;
            let refused = dropped.as_ref().err().and_then(|it| it.code())
                == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
            if !refused || begun.elapsed() > VACUUM_AT_MOST {
                return Ok(dropped?);
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }

    /// A session on one of its databases.
    pub async fn connect(&self, name: &str) -> Result<Client> {
        let mut config = self.config.clone();
        connect(config.dbname(name)).await
    }

    /// One of its databases, as our functions open it.
    pub fn database(&self, name: &str, application: &str) -> Result<Database> {
        let Some(Host::Tcp(host)) = self.config.get_hosts().first() else {
            bail!("TEST_DATABASE_URL names no host");
        };
        let password = self.config.get_password().unwrap_or_default();
        Ok(Database::new(Settings {
            host: host.clone(),
            port: self.config.get_ports().first().copied().unwrap_or(5432),
            database: name.to_owned(),
            user: self.config.get_user().unwrap_or("postgres").to_owned(),
            password: String::from_utf8(password.to_vec())?,
            tls: Tls::Disable,
            roots: None,
            application_name: application.to_owned(),
        })?)
    }

    /// `key=value` for programs that use libpq; the password goes through PGPASSWORD.
    pub fn libpq(&self, name: &str) -> Result<Vec<(&'static str, String)>> {
        let Some(Host::Tcp(host)) = self.config.get_hosts().first() else {
            bail!("TEST_DATABASE_URL names no host");
        };
        let password = self.config.get_password().unwrap_or_default();
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        Ok(vec![
            ("PGHOST", host.clone()),
            ("PGPORT", port.to_string()),
            (
                "PGUSER",
                self.config.get_user().unwrap_or("postgres").to_owned(),
            ),
            ("PGPASSWORD", String::from_utf8(password.to_vec())?),
            ("PGDATABASE", name.to_owned()),
        ])
    }

    /// All its processes at this moment.
    pub fn processes(&self) -> Vec<i32> {
        let children = processes::children(self.postmaster);
        std::iter::once(self.postmaster).chain(children).collect()
    }

    /// Begins to watch.
    pub async fn watch(&self) -> Result<Watch> {
        Ok(Watch {
            wal: self.wal().await?,
            server_cpu: processes::family_cpu(self.postmaster)?,
            children_cpu: processes::ended_children_cpu()?,
            began: std::time::Instant::now(),
        })
    }

    /// What has been used since. The client's CPU is that of our children that have ended.
    pub async fn measured(&self, watch: &Watch, rows: u64) -> Result<Measured> {
        let seconds = watch.began.elapsed().as_secs_f64();
        Ok(Measured {
            rows,
            seconds,
            client_cpu: processes::ended_children_cpu()? - watch.children_cpu,
            server_cpu: processes::family_cpu(self.postmaster)? - watch.server_cpu,
            wal_bytes: self.wal().await? - watch.wal,
            ..Measured::default()
        })
    }

    async fn wal(&self) -> Result<i64> {
        let sql = "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";
        Ok(self.client.query_one(sql, &[]).await?.get(0))
    }
}

/// A session on the product's own database.
pub async fn connect_to_product() -> Result<Client> {
    connect(&environment::required("DATABASE_URL")?.parse()?).await
}

async fn connect(config: &Config) -> Result<Client> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
