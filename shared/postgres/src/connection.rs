use std::ops::{Deref, DerefMut};
use std::time::Duration;

use domain::limits::{CLIENT_LOOKED_FOR_EVERY, OPENED_WITHIN, TRANSACTION_IDLE_AT_MOST};
use futures_util::future::BoxFuture;
use rustls::ClientConfig;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::roots::roots;
use crate::{Error, Settings, Tls};

/// Set for every session. A worker frozen between fence and COMMIT is ended by the server after
/// [`TRANSACTION_IDLE_AT_MOST`]; one whose machine is gone, by the keepalives within half a minute.
/// Nothing but `pg_terminate_backend` ends a COPY whose client is alive and silent: see
/// [`crate::upkeep`]. An export reads dates as text.
fn session() -> String {
    let idle = TRANSACTION_IDLE_AT_MOST.as_secs();
    let look = CLIENT_LOOKED_FOR_EVERY.as_secs();
    format!(
        "-c idle_in_transaction_session_timeout={idle}s -c tcp_keepalives_idle=10 \
         -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000 \
         -c client_connection_check_interval={look}s \
         -c timezone=UTC -c datestyle=ISO -c default_transaction_isolation=read\\ committed"
    )
}

/// If the server restarts or has no session to spare, opening a connection is tried this many times
/// before it is an error.
const TRIES: u32 = 4;

/// The longest pause after the first try; it doubles with each try. A pause is a random part of
/// it, so that functions that lost the server together do not come back together.
const PAUSE: Duration = Duration::from_millis(250);

/// How long a closed connection may take to say goodbye.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Reads the role's password again; `None` if that fails. Secrets are rotated while functions are
/// warm.
pub type FreshPassword = Box<dyn Fn() -> BoxFuture<'static, Option<String>> + Send + Sync>;

/// The database and the one connection kept warm between invocations.
pub struct Database {
    config: Mutex<Config>,
    fresh_password: Option<FreshPassword>,
    tls: Option<MakeRustlsConnect>,
    kept: Mutex<Option<Open>>,
}

struct Open {
    client: Client,
    driver: JoinHandle<()>,
}

/// A connection in use, for work that is more than one piece ([`Database::run`] does one). Only
/// [`Connection::keep`] puts it back for the next one: whatever else happens to it, its session
/// ends and a transaction it had open is rolled back.
pub struct Connection<'a> {
    open: Option<Open>,
    database: &'a Database,
}

impl Database {
    /// Checks the settings; connects when first asked for a connection.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let tls = match settings.tls {
            Tls::VerifyFull => Some(verify_full(settings.roots.as_deref())?),
            Tls::Disable => None,
        };
        Ok(Self {
            config: Mutex::new(config(&settings)),
            fresh_password: None,
            tls,
            kept: Mutex::new(None),
        })
    }

    /// Reads the password again when the server refuses the one it has.
    pub fn renewing(mut self, fresh_password: FreshPassword) -> Self {
        self.fresh_password = Some(fresh_password);
        self
    }

    /// The kept connection if it is still alive, a new one otherwise.
    pub async fn connection(&self) -> Result<Connection<'_>, Error> {
        let open = match self.kept_alive().await {
            Some(open) => open,
            None => self.open().await?,
        };
        Ok(Connection {
            open: Some(open),
            database: self,
        })
    }

    /// Does something with the connection, and keeps it for the next one if that went well.
    /// After an error, or if the caller stops waiting, the session ends, and a transaction it had
    /// open is rolled back: so what may well happen (nothing found, a refusal) is a value here and
    /// not an error. An error on the way to a connection is one of the work's.
    ///
    /// An `AsyncFnOnce` and no boxed future: the compiler looks through the closure, so that this
    /// future is `Send`, as the API's functions need it, wherever the work's is.
    ///
    /// # Errors
    /// There is no connection, or whatever the work says.
    pub async fn run<T, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&mut Client) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection().await?;
        let done = work(&mut connection).await?;
        connection.keep().await;
        Ok(done)
    }

    /// A function may have been frozen for an hour, and the server may have restarted meanwhile: a
    /// round trip is cheaper than a request that fails.
    async fn kept_alive(&self) -> Option<Open> {
        let open = self.kept.lock().await.take()?;
        let answered = tokio::time::timeout(OPENED_WITHIN, open.client.check_connection()).await;
        matches!(answered, Ok(Ok(()))).then_some(open)
    }

    async fn open(&self) -> Result<Open, Error> {
        for tried in 1..TRIES {
            match self.try_to_open().await {
                Err(cause) if self.may_pass(&cause) => {
                    tracing::warn!(%cause, tried, "no connection to the database yet");
                    let longest = PAUSE * 2u32.pow(tried - 1);
                    tokio::time::sleep(longest.mul_f64(rand::random_range(0.2..=1.0))).await;
                }
                opened => return opened,
            }
        }
        self.try_to_open().await
    }

    /// While a password is changed, its secret may still have the one of before, for a moment.
    fn may_pass(&self, cause: &Error) -> bool {
        let renews = self.fresh_password.is_some();
        cause.is_transient() || cause.is_sign_in_refused() && renews
    }

    async fn try_to_open(&self) -> Result<Open, Error> {
        let config = self.config.lock().await.clone();
        match self.open_with(&config).await {
            Err(refused) if refused.is_sign_in_refused() => match self.renewed(config).await {
                Some(config) => self.open_with(&config).await,
                None => Err(refused),
            },
            opened => opened,
        }
    }

    async fn renewed(&self, mut config: Config) -> Option<Config> {
        let fresh_password = self.fresh_password.as_ref()?;
        config.password(fresh_password().await?);
        *self.config.lock().await = config.clone();
        Some(config)
    }

    /// The driver's own limit is for the network alone: a server that takes the connection and says
    /// nothing, and a name that nobody resolves, would be waited for without end.
    async fn open_with(&self, config: &Config) -> Result<Open, Error> {
        let opened = tokio::time::timeout(OPENED_WITHIN, self.sign_in(config)).await;
        opened.map_err(|_| Error::NoSession)?
    }

    async fn sign_in(&self, config: &Config) -> Result<Open, Error> {
        match &self.tls {
            Some(tls) => {
                let (client, connection) = config.connect(tls.clone()).await?;
                Ok(Open::drive(client, connection))
            }
            None => {
                let (client, connection) = config.connect(NoTls).await?;
                Ok(Open::drive(client, connection))
            }
        }
    }
}

impl Open {
    fn drive<S, T>(client: Client, connection: tokio_postgres::Connection<S, T>) -> Self
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
        T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(cause = %Error::from(error), "connection to the database ended");
            }
        });
        Self { client, driver }
    }
}

impl Connection<'_> {
    /// Puts the connection back for the next use. Only after COMMIT or ROLLBACK has answered.
    pub async fn keep(mut self) {
        if let Some(open) = self.open.take() {
            *self.database.kept.lock().await = Some(open);
        }
    }

    /// Ends the session and waits until the server was told: a function that is frozen after its
    /// answer must not leave a transaction open.
    pub async fn close(mut self) {
        if let Some(Open { client, mut driver }) = self.open.take() {
            drop(client);
            if tokio::time::timeout(CLOSE_WITHIN, &mut driver)
                .await
                .is_err()
            {
                driver.abort();
            }
        }
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        // It may be in the middle of a statement, and this cannot wait for an orderly end: the
        // socket is closed, and the server ends the session.
        if let Some(open) = self.open.take() {
            drop(open.client);
            open.driver.abort();
        }
    }
}

const IN_USE: &str = "a connection in use has its client until it is kept or closed";

impl Deref for Connection<'_> {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.open.as_ref().expect(IN_USE).client
    }
}

impl DerefMut for Connection<'_> {
    fn deref_mut(&mut self) -> &mut Client {
        &mut self.open.as_mut().expect(IN_USE).client
    }
}

fn config(settings: &Settings) -> Config {
    let mut config = Config::new();
    config
        .host(&settings.host)
        .port(settings.port)
        .dbname(&settings.database)
        .user(&settings.user)
        .password(&settings.password)
        .application_name(&settings.application_name)
        .options(session())
        .connect_timeout(OPENED_WITHIN)
        .keepalives_idle(Duration::from_secs(10))
        .tcp_user_timeout(Duration::from_secs(30));
    if settings.tls == Tls::VerifyFull {
        config.ssl_mode(tokio_postgres::config::SslMode::Require);
    }
    config
}

/// rustls always checks the certificate's chain and the host name; it has no weaker mode.
fn verify_full(own_roots: Option<&str>) -> Result<MakeRustlsConnect, Error> {
    let unusable = |what: String| Error::Settings(format!("TLS: {what}"));
    let provider = rustls::crypto::aws_lc_rs::default_provider().into();
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?
        .with_root_certificates(roots(own_roots)?)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
