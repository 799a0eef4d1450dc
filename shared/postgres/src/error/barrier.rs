use std::error::Error as StdError;
use std::io;

use rustls::CertificateError;
use tokio_postgres::error::SqlState;

use super::Error;

/// Why there is no session, as far as whoever set the database up can change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// The server does not take the password, or the role.
    SignIn,
    /// The server has no database of this name.
    NoDatabase,
    /// The server has no session to spare.
    Full,
    /// There is no address for this name.
    NoSuchHost,
    /// The address does not answer.
    Silent,
    /// The address answers that nobody listens at this port.
    Closed,
    /// The server's certificate is for another name.
    OtherName,
    /// The server's certificate is signed by a root that is not known.
    OtherRoot,
}

impl Error {
    /// What stands between us and a session; `None` for what may be anything.
    pub fn barrier(&self) -> Option<Barrier> {
        let error = match self {
            Error::Server(error) => error,
            Error::NoSession => return Some(Barrier::Silent),
            _ => return None,
        };
        match error.0.code() {
            Some(code) => of_server(code),
            None => of_network(&error.0),
        }
    }
}

fn of_server(code: &SqlState) -> Option<Barrier> {
    match code.code() {
        "28P01" | "28000" => Some(Barrier::SignIn),
        "3D000" => Some(Barrier::NoDatabase),
        "53300" => Some(Barrier::Full),
        _ => None,
    }
}

/// What the driver hides among the causes of its own error.
fn of_network(error: &(dyn StdError + 'static)) -> Option<Barrier> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return of_io(error);
        }
        cause = error.source();
    }
    None
}

fn of_io(error: &io::Error) -> Option<Barrier> {
    // It is not a source of the error around it.
    let of_tls = error.get_ref().and_then(|it| it.downcast_ref());
    if let Some(rustls::Error::InvalidCertificate(why)) = of_tls {
        return of_certificate(why);
    }
    match error.kind() {
        io::ErrorKind::TimedOut
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable => Some(Barrier::Silent),
        io::ErrorKind::ConnectionRefused => Some(Barrier::Closed),
        // The library of C has a list of its own for this.
        _ if error.to_string().starts_with("failed to lookup address") => Some(Barrier::NoSuchHost),
        _ => None,
    }
}

fn of_certificate(why: &CertificateError) -> Option<Barrier> {
    match why {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some(Barrier::OtherName)
        }
        CertificateError::UnknownIssuer => Some(Barrier::OtherRoot),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_tls(why: CertificateError) -> io::Error {
        io::Error::new(
            io::ErrorKind::InvalidData,
            rustls::Error::InvalidCertificate(why),
        )
    }

    /// As the driver has it: an error around what the network said.
    #[derive(Debug, thiserror::Error)]
    #[error("error connecting to server")]
    struct Outer(#[source] io::Error);

    #[test]
    fn what_the_network_says() {
        let lookup = io::Error::other("failed to lookup address information: Name or service");
        for (error, expected) in [
            (io::ErrorKind::TimedOut.into(), Some(Barrier::Silent)),
            (io::ErrorKind::HostUnreachable.into(), Some(Barrier::Silent)),
            (
                io::ErrorKind::ConnectionRefused.into(),
                Some(Barrier::Closed),
            ),
            (lookup, Some(Barrier::NoSuchHost)),
            (
                of_tls(CertificateError::NotValidForName),
                Some(Barrier::OtherName),
            ),
            (
                of_tls(CertificateError::UnknownIssuer),
                Some(Barrier::OtherRoot),
            ),
            (of_tls(CertificateError::Expired), None),
            (io::ErrorKind::ConnectionReset.into(), None),
        ] {
            let said = error.to_string();
            assert_eq!(of_network(&Outer(error)), expected, "{said}");
        }
    }

    #[test]
    fn what_the_server_says() {
        for (code, expected) in [
            (SqlState::INVALID_PASSWORD, Some(Barrier::SignIn)),
            (SqlState::INVALID_CATALOG_NAME, Some(Barrier::NoDatabase)),
            (SqlState::TOO_MANY_CONNECTIONS, Some(Barrier::Full)),
            (SqlState::INSUFFICIENT_PRIVILEGE, None),
        ] {
            assert_eq!(of_server(&code), expected, "{}", code.code());
        }
    }
}
