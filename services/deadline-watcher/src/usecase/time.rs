//! A person confirms what the machine's clock shows, after it jumped. Every replica takes it up at its next look.

use crate::store::mark::CONFIRM;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use kit_core::Problem;
use kit_db::Result;
use kit_messaging::{Decided, Tx};

/// What is confirmed must be what the clock shows, give or take a slow hand.
const NEAR: TimeDelta = TimeDelta::minutes(5);

/// Notes the confirmation.
///
/// # Errors
/// The clock does not show that.
pub(crate) async fn confirm(tx: &mut Tx, told: DateTime<Utc>, shown: DateTime<Utc>, by: &Decided) -> Result<()> {
    if (shown - told).abs() > NEAR {
        let shown = shown.to_rfc3339_opts(SecondsFormat::Secs, true);
        return Err(Problem::field(
            "clock",
            "not-what-the-clock-shows",
            format!("机器时钟现在显示 {shown},请核对后确认这一时间"),
            format!("The machine's clock shows {shown}; check it and confirm that"),
        )
        .into());
    }
    by.keep(tx, CONFIRM, &told.to_rfc3339_opts(SecondsFormat::Micros, true)).await?;
    Ok(())
}
