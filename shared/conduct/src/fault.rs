//! What an error means for the work that it ended. Only this module decides it.

use std::error::Error as StdError;

use aws::ErrorKind;
use domain::reason::Reason;

use crate::Error;

/// What an error means for an import whose work it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Transient: the database or AWS was out of reach, busy or starting. This says nothing about
    /// the import. The work is tried again, after a pause of random length, without a limit.
    Passing,
    /// Permanent: another try would meet it again. The import fails at once, for this reason.
    Lasting(Reason),
    /// Neither is certain: the work is tried again, a limited number of times.
    Unclear,
}

impl Fault {
    /// What the workflows call it: they try what is transient again for as long as a run has.
    pub fn name(&self) -> &'static str {
        match self {
            Fault::Passing => "transient",
            Fault::Lasting(reason) => reason.code(),
            Fault::Unclear => "unclear",
        }
    }

    /// What the workflows call an error.
    pub fn name_of(error: &(dyn StdError + 'static)) -> &'static str {
        Self::of(error).name()
    }

    /// Judges an error of this crate, of PostgreSQL or of AWS; any other is unclear.
    pub fn of(error: &(dyn StdError + 'static)) -> Self {
        if let Some(error) = error.downcast_ref::<Error>() {
            return match error {
                Error::Database(error) => of_database(error),
                Error::Aws(error) => of_aws(error),
            };
        }
        if let Some(error) = error.downcast_ref::<postgres::Error>() {
            return of_database(error);
        }
        error
            .downcast_ref::<aws::Error>()
            .map_or(Fault::Unclear, of_aws)
    }
}

fn of_database(error: &postgres::Error) -> Fault {
    if error.is_transient() {
        Fault::Passing
    } else if error.is_about_data() {
        Fault::Lasting(Reason::NotStorable)
    } else {
        Fault::Unclear
    }
}

fn of_aws(error: &aws::Error) -> Fault {
    match error.kind {
        ErrorKind::Passing => Fault::Passing,
        ErrorKind::Refused => Fault::Unclear,
        ErrorKind::Gone => Fault::Lasting(Reason::ObjectGone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aws_error(kind: ErrorKind) -> aws::Error {
        aws::Error {
            kind,
            ..aws::Error::new("a test", std::io::Error::other("words"))
        }
    }

    #[test]
    fn errors_of_aws() {
        assert_eq!(Fault::of(&aws_error(ErrorKind::Passing)), Fault::Passing);
        assert_eq!(Fault::of(&aws_error(ErrorKind::Refused)), Fault::Unclear);
        let lasting = Fault::Lasting(Reason::ObjectGone);
        assert_eq!(Fault::of(&aws_error(ErrorKind::Gone)), lasting);
        assert_eq!(Fault::of(&Error::Aws(aws_error(ErrorKind::Gone))), lasting);
    }

    #[test]
    fn workflows_know_faults_by_name() {
        for (kind, name) in [
            (ErrorKind::Passing, "transient"),
            (ErrorKind::Refused, "unclear"),
            (ErrorKind::Gone, "object_gone"),
        ] {
            assert_eq!(Fault::name_of(&aws_error(kind)), name);
        }
    }

    #[test]
    fn what_is_not_known_is_unclear() {
        assert_eq!(Fault::of(&std::io::Error::other("?")), Fault::Unclear);
    }
}
