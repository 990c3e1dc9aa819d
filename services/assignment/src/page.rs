//! Where a page of a list begins: after the last row of the page before, by the columns the list is ordered by.

use chrono::{DateTime, Utc};
use kit_core::Problem;
use uuid::Uuid;

const DEFAULT_SIZE: i32 = 50;
const LARGEST_SIZE: i32 = 200;

/// The row that a page follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct After {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl After {
    /// Reads a page token; without one, the list begins at its beginning.
    pub(crate) fn read(token: &str) -> Result<Self, Problem> {
        if token.is_empty() {
            return Ok(Self { at: DateTime::UNIX_EPOCH, id: Uuid::nil() });
        }
        let parts = token.split_once('.').and_then(|(micros, id)| {
            let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
            Some(Self { at, id: Uuid::try_parse(id).ok()? })
        });
        // Years that the database's own calendar does not reach would fail there.
        parts.filter(|after| (0..=253_402_300_799).contains(&after.at.timestamp())).ok_or_else(|| {
            Problem::field("page_token", "malformed-page-token", "翻页标记无效", "The page token is not one of ours")
        })
    }

    /// The token of the page that follows this row.
    pub(crate) fn token(self) -> String {
        format!("{}.{}", self.at.timestamp_micros(), self.id.simple())
    }
}

/// How many rows a page has.
pub(crate) fn size(asked: i32) -> Result<usize, Problem> {
    match asked {
        0 => Ok(usize::try_from(DEFAULT_SIZE).unwrap_or_default()),
        1.. => Ok(usize::try_from(asked.min(LARGEST_SIZE)).unwrap_or_default()),
        _ => Err(Problem::field("page_size", "negative-page-size", "每页条数不能为负", "A page size is not negative")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nonsense_is_refused() {
        let after = After { at: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000), id: Uuid::from_u128(5) };
        assert_eq!(After::read(&after.token()).unwrap(), after);
        for nonsense in ["x", "1", "1.", "99999999999999999999.1", "-5.00000000000000000000000000000005"] {
            assert!(After::read(nonsense).is_err(), "{nonsense}");
        }
        assert!(size(-1).is_err());
        assert_eq!(size(1000).unwrap(), 200);
    }
}
