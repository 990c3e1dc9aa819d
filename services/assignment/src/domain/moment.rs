//! The instant of an act, and what the unit of the case does at it: where a case or an order goes may depend on both.

use chrono::{DateTime, Utc};
use facts::CaseView;
use house::House;
use regime::{Office, Regime};

/// When, and in which of its hours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub at: DateTime<Utc>,
    /// In office hours where the regime never asks.
    pub office: Office,
}

impl Moment {
    /// The instant as the unit lives it that handles the case, or the one to which it came.
    ///
    /// # Errors
    /// The calendar or the unit is not here yet, and the regime asks for the hour.
    pub(crate) fn of(house: &House, regime: &Regime, view: &CaseView, at: DateTime<Utc>) -> Result<Self, String> {
        let office = if regime.asks_office() { house.ground(view)?.office(at) } else { Office::Open };
        Ok(Self { at, office })
    }
}
