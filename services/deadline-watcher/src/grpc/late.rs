//! What is late in a unit and below it, the longest overdue first, page by page. A case that the caller may not know
//! of is passed over, so a page can be shorter than asked for; only an empty token ends the list.

use super::{Api, read};
use crate::convert;
use crate::domain::Watched;
use crate::store;
use chrono::{DateTime, Utc};
use contracts::deadline_watcher as wire;
use kit_core::Problem;
use kit_grpc::Ctx;
use kit_ids::CaseId;
use uuid::Uuid;

const PAGE: usize = 50;
const LARGEST_PAGE: usize = 200;
/// Rows read at once, and how often, before a page is given as it is: a caller who may see little of a large unit
/// turns pages instead of holding a connection.
const ROWS: i64 = 200;
const READS: usize = 5;

/// Where a page begins: at a late case, past so many of its late clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    since: DateTime<Utc>,
    case_id: CaseId,
    skip: usize,
}

impl Api {
    pub(super) async fn late(
        &self,
        ctx: &Ctx,
        request: &wire::ListLateRequest,
    ) -> kit_db::Result<wire::ListLateResponse> {
        read::known(ctx)?;
        let house = self.reference.get();
        let directory = house.directory();
        if directory.unit(&request.unit_id).is_none() {
            return Err(Problem::field("unit_id", "unknown-unit", "没有这个单位", "There is no such unit").into());
        }
        let within = directory.units().filter(|unit| directory.is_within(&unit.id, &request.unit_id));
        let units: Vec<String> = within.map(|unit| unit.id.clone()).collect();
        let size = page_size(request.page_size)?;
        let mut place = Place::parse(&request.page_token)?;
        let mut clocks = Vec::new();
        for _ in 0..READS {
            let cases = store::list_late(self.log.pool(), &units, (place.since, place.case_id), ROWS).await?;
            let is_last = i64::try_from(cases.len()).unwrap_or(i64::MAX) < ROWS;
            for case in &cases {
                let skip = if case.case_id == place.case_id { place.skip } else { 0 };
                let may_read = read::may_read(&house, ctx, case)?;
                let ground = house.ground(&case.view).ok();
                for (n, clock) in case.late().enumerate().skip(if may_read { skip } else { usize::MAX }) {
                    if clocks.len() == size {
                        return Ok(wire::ListLateResponse { clocks, next_page_token: Place::at(case, n).to_string() });
                    }
                    clocks.push(convert::clock(case, ground.as_ref(), clock));
                }
                place = Place::at(case, usize::MAX);
            }
            if is_last {
                return Ok(wire::ListLateResponse { clocks, next_page_token: String::new() });
            }
        }
        Ok(wire::ListLateResponse { clocks, next_page_token: place.to_string() })
    }
}

impl Place {
    fn at(case: &Watched, skip: usize) -> Self {
        Self { since: case.late_since().unwrap_or_default(), case_id: case.case_id, skip }
    }

    fn parse(token: &str) -> Result<Self, Problem> {
        if token.is_empty() {
            return Ok(Self { since: DateTime::UNIX_EPOCH, case_id: CaseId::new(Uuid::nil()), skip: 0 });
        }
        let mut parts = token.split('.');
        let mut read = || {
            let since = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
            let case_id = CaseId::new(Uuid::try_parse(parts.next()?).ok()?);
            let skip = parts.next()?.parse().ok()?;
            parts.next().is_none().then_some(Self { since, case_id, skip })
        };
        read().ok_or_else(|| {
            Problem::field(
                "page_token",
                "malformed-page-token",
                "分页标记无效",
                "This is not a page token of this list",
            )
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.since.timestamp_micros(), self.case_id.uuid().simple(), self.skip)
    }
}

fn page_size(asked: i32) -> Result<usize, Problem> {
    let malformed =
        |_| Problem::field("page_size", "malformed-page-size", "每页条数无效", "A page size cannot be negative");
    let asked = usize::try_from(asked).map_err(malformed)?;
    Ok(if asked == 0 { PAGE } else { asked.min(LARGEST_PAGE) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_token_reads_back_and_any_other_is_refused() {
        let place = Place { since: DateTime::UNIX_EPOCH, case_id: CaseId::new(Uuid::from_u128(7)), skip: 3 };
        assert_eq!(Place::parse(&place.to_string()).unwrap(), place);
        for token in ["x", "1.2", "1.2.3", "9999999999999999999.0.0", "1.00000000000000000000000000000007.0.0"] {
            assert_eq!(Place::parse(token).unwrap_err().code, "malformed-page-token", "{token}");
        }
    }
}
