//! What is late in a unit and below it, the longest overdue first, page by page. A case that the caller may not know
//! of is passed over, so a page can be shorter than asked for; only an empty token ends the list.

use super::{Api, read};
use crate::convert;
use crate::domain::Watched;
use crate::store;
use contracts::deadline_watcher as wire;
use kit_core::Problem;
use kit_grpc::Ctx;
use kit_grpc::page::{self, After};

/// Rows read at once, and how often, before a page is given as it is: a caller who may see little of a large unit
/// turns pages instead of holding a connection.
const ROWS: i64 = 200;
const READS: usize = 5;

/// Where a page begins: at a late case, past so many of its late clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    at: After,
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
        let size = page::size(request.page_size)?;
        let mut place = Place::parse(&request.page_token)?;
        let mut clocks = Vec::new();
        for _ in 0..READS {
            let cases = store::list_late(self.log.pool(), &units, place.at, ROWS).await?;
            let is_last = i64::try_from(cases.len()).unwrap_or(i64::MAX) < ROWS;
            for case in &cases {
                let skip = if case.case_id.uuid() == place.at.id { place.skip } else { 0 };
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
        Self { at: After { at: case.late_since().unwrap_or_default(), id: case.case_id.uuid() }, skip }
    }

    fn parse(token: &str) -> Result<Self, Problem> {
        if token.is_empty() {
            return Ok(Self { at: After::START, skip: 0 });
        }
        let (at, skip) = token.rsplit_once('.').ok_or_else(page::malformed_token)?;
        let at = After::read(at)?.ok_or_else(page::malformed_token)?;
        Ok(Self { at, skip: skip.parse().map_err(|_| page::malformed_token())? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at.token(), self.skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_page_token_reads_back_and_any_other_is_refused() {
        let at = After { id: Uuid::from_u128(7), ..After::START };
        let place = Place { at, skip: 3 };
        assert_eq!(Place::parse(&place.to_string()).unwrap(), place);
        for token in ["x", "1.2", "1.2.3", "9999999999999999999.0.0", "1.00000000000000000000000000000007.0.0"] {
            assert_eq!(Place::parse(token).unwrap_err().code, "malformed-page-token", "{token}");
        }
    }
}
