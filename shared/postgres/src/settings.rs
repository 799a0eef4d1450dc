use std::str::FromStr;

use crate::Error;

/// Where the database is and as whom to open it.
#[derive(Clone)]
pub struct Settings {
    /// Host name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database name.
    pub database: String,
    /// Role to sign in as.
    pub user: String,
    /// The role's password; never logged.
    pub password: String,
    /// Whether the connection is encrypted and the server's certificate checked.
    pub tls: Tls,
    /// Roots that its certificate may be signed by, besides those that are built in: PEM.
    pub roots: Option<String>,
    /// The function's name: `reconcile` finds silent workers by it.
    pub application_name: String,
}

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Encrypted, certificate and host name checked.
    VerifyFull,
    /// Plain; refused for anything but this machine.
    Disable,
}

impl FromStr for Tls {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "verify-full" => Ok(Tls::VerifyFull),
            "disable" => Ok(Tls::Disable),
            other => Err(Error::Settings(format!(
                "the TLS mode is verify-full or disable, not `{other}`"
            ))),
        }
    }
}

impl Settings {
    /// Refuses an unprotected connection that would leave the machine.
    pub fn check(&self) -> Result<(), Error> {
        let loopback = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.tls == Tls::Disable && !loopback {
            return Err(Error::Settings(format!(
                "TLS mode disable is for this machine only, not for `{}`",
                self.host
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, tls: Tls) -> Settings {
        Settings {
            host: host.into(),
            port: 5432,
            database: "collect".into(),
            user: "collect".into(),
            password: String::new(),
            tls,
            roots: None,
            application_name: "test".into(),
        }
    }

    #[test]
    fn plain_connections_stay_on_the_machine() {
        assert!(settings("127.0.0.1", Tls::Disable).check().is_ok());
        assert!(settings("10.0.0.7", Tls::Disable).check().is_err());
        assert!(
            settings("localhost.example.com", Tls::Disable)
                .check()
                .is_err()
        );
        assert!(settings("db.example.com", Tls::VerifyFull).check().is_ok());
    }

    #[test]
    fn only_two_modes_exist() {
        assert_eq!("verify-full".parse::<Tls>().unwrap(), Tls::VerifyFull);
        assert!("prefer".parse::<Tls>().is_err());
    }
}
