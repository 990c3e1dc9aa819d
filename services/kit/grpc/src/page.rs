//! Where a page of a list begins: after the last row of the page before, by the columns the list is ordered by.

use chrono::{DateTime, Utc};
use kit_core::Problem;
use uuid::Uuid;

const DEFAULT_SIZE: usize = 50;
const LARGEST_SIZE: usize = 200;
/// The end of year 9999; years that the database's own calendar does not reach would fail there.
const LAST_SECOND: i64 = 253_402_300_799;

/// The row that a page follows: an instant, and an id among rows of the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct After {
    pub at: DateTime<Utc>,
    pub id: Uuid,
}

impl After {
    /// Before every row of a list that begins with the oldest.
    pub const START: Self = Self { at: DateTime::UNIX_EPOCH, id: Uuid::nil() };

    /// Reads a page token; `None` without one: the list begins at its beginning.
    ///
    /// # Errors
    /// The token is none of ours.
    pub fn read(token: &str) -> Result<Option<Self>, Problem> {
        if token.is_empty() { Ok(None) } else { parse(token).map(Some).ok_or_else(malformed_token) }
    }

    /// The token of the page that follows this row.
    pub fn token(self) -> String {
        format!("{}.{}", self.at.timestamp_micros(), self.id.simple())
    }
}

fn parse(token: &str) -> Option<After> {
    let (micros, id) = token.split_once('.')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    let after = After { at, id: Uuid::try_parse(id).ok()? };
    (0..=LAST_SECOND).contains(&at.timestamp()).then_some(after)
}

/// What is said to a page token that is none of ours.
pub fn malformed_token() -> Problem {
    Problem::field("page_token", "malformed-page-token", "翻页标记无效", "The page token is not one of ours")
}

/// How many rows a page has; nothing asked for is the default.
///
/// # Errors
/// It is negative.
pub fn size(asked: i32) -> Result<usize, Problem> {
    match usize::try_from(asked) {
        Ok(0) => Ok(DEFAULT_SIZE),
        Ok(asked) => Ok(asked.min(LARGEST_SIZE)),
        Err(_) => {
            Err(Problem::field("page_size", "negative-page-size", "每页条数不能为负", "A page size is not negative"))
        }
    }
}

/// Cuts what was read, one row more than the page has, to the page; answers the token of the next, empty at the end.
pub fn cut<T>(rows: &mut Vec<T>, size: usize, place: impl FnOnce(&T) -> After) -> String {
    let has_more = rows.len() > size;
    rows.truncate(size);
    rows.last().filter(|_| has_more).map(|last| place(last).token()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(n: u128) -> After {
        After { at: DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000), id: Uuid::from_u128(n) }
    }

    #[test]
    fn a_token_reads_back_and_nonsense_is_refused() {
        assert_eq!(After::read(&row(5).token()).unwrap(), Some(row(5)));
        assert_eq!(After::read("").unwrap(), None);
        for nonsense in ["x", "1", "1.", "99999999999999999999.1", "-5.00000000000000000000000000000005"] {
            assert_eq!(After::read(nonsense).unwrap_err().code, "malformed-page-token", "{nonsense}");
        }
    }

    #[test]
    fn a_page_has_50_rows_unless_asked_and_200_at_most() {
        assert_eq!((size(0).unwrap(), size(7).unwrap(), size(1000).unwrap()), (50, 7, 200));
        assert_eq!(size(-1).unwrap_err().code, "negative-page-size");
    }

    #[test]
    fn only_a_page_with_more_behind_it_has_a_token() {
        let mut rows: Vec<u128> = vec![1, 2, 3];
        assert_eq!(cut(&mut rows, 3, |n| row(*n)), "");
        assert_eq!(cut(&mut rows, 2, |n| row(*n)), row(2).token());
        assert_eq!(rows, [1, 2]);
    }
}
