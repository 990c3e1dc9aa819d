//! What a store can answer instead of a result, and what the machine makes of it.

use kit_core::{Class, Problem};
use std::fmt;

/// The result of everything that touches a table.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a transaction came to nothing.
#[derive(Debug)]
pub enum Error {
    /// The caller is told this; nothing is wrong with the machine.
    Problem(Problem),
    /// The database refused or could not be reached.
    Database(sqlx::Error),
    /// Something this names is not here yet: wait for it, case by case.
    NotYet(String),
    /// Stored data contradicts itself; a person must look.
    Corrupt(String),
}

impl Error {
    /// The class that decides what the machine does next.
    pub fn class(&self) -> Class {
        match self {
            Self::Problem(problem) => problem.class,
            Self::Database(_) | Self::NotYet(_) => Class::Transient,
            Self::Corrupt(_) => Class::Corrupt,
        }
    }

    /// Whether the fault lies with the connection or with who else is at work, not with what was asked: the same
    /// transaction may pass a moment later, however often it failed.
    pub fn is_outage(&self) -> bool {
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| {
                // 08 connection, 40 rolled back for another, 53 resources, 55P03 lock timeout, 57P shutdown,
                // 25P03 idle too long in the transaction.
                ["08", "40", "53", "55P03", "57P", "25P03"].iter().any(|class| code.starts_with(class))
            }),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            _ => false,
        }
    }
}

// The text names codes and constraints, never values: the server's own message may quote what was being stored.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem(problem) => problem.fmt(f),
            Self::NotYet(what) => write!(f, "not here yet: {what}"),
            Self::Corrupt(what) => write!(f, "contradiction in stored data: {what}"),
            Self::Database(sqlx::Error::Database(refusal)) => {
                write!(f, "database error {}", refusal.code().as_deref().unwrap_or("without a code"))?;
                refusal.constraint().map_or(Ok(()), |constraint| write!(f, " ({constraint})"))
            }
            Self::Database(sqlx::Error::Io(error)) => write!(f, "database connection: {:?}", error.kind()),
            Self::Database(sqlx::Error::PoolTimedOut) => f.write_str("no database connection came free in time"),
            Self::Database(sqlx::Error::RowNotFound) => f.write_str("database: no row where one must be"),
            Self::Database(sqlx::Error::ColumnDecode { index, .. }) => write!(f, "database: column {index} unreadable"),
            Self::Database(sqlx::Error::ColumnNotFound(name)) => write!(f, "database: no column {name}"),
            Self::Database(sqlx::Error::Migrate(error)) => write!(f, "migration: {error}"),
            Self::Database(sqlx::Error::Configuration(_)) => f.write_str("database: the URL or its options are wrong"),
            Self::Database(_) => f.write_str("database client error"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            Self::Problem(_) | Self::NotYet(_) | Self::Corrupt(_) => None,
        }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_from_a_refusal() {
        assert!(Error::from(sqlx::Error::PoolTimedOut).is_outage());
        assert!(!Error::from(sqlx::Error::RowNotFound).is_outage());
        assert!(!Error::from(Problem::unknown_case()).is_outage());
        assert!(!Error::NotYet("regime r1".to_owned()).is_outage());
    }
}
