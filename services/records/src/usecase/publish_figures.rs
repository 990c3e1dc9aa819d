//! The public is shown the figures that a duty has reported: as they stood in its report, by whoever the rule names.

use super::do_duty::locked;
use crate::{
    convert,
    domain::{
        duties::{Key, Owed},
        publicity, refusal,
    },
    publish,
    store::{self, publications},
};
use contracts::records::{DutyDraft, PublishFiguresRequest};
use facts::Law;
use kit_core::{Problem, Text};
use kit_db::{Error, Result};
use kit_messaging::Tx;
use prost::Message as _;
use regime::PublicityOf;

/// Shows them; answers what is shown.
pub(crate) async fn publish_figures(
    tx: &mut Tx,
    law: &Law,
    staff: &str,
    key: &Key,
    asked: &PublishFiguresRequest,
) -> Result<Vec<String>> {
    let owed = locked(tx, law, key).await?;
    if !owed.may_know(law, staff) && !owed.may_publish(law, staff) {
        return Err(refusal::not_permitted("您无权查看该任务", "You may not see this duty").into());
    }
    let missing = || Error::NotYet(format!("regime {} version {}", owed.regime_id, owed.regime_version));
    let regime = owed.regime(law).ok_or_else(missing)?;
    let rule = regime.publicity(PublicityOf::Summary).ok_or_else(refusal::no_publicity)?;
    if !owed.may_publish(law, staff) {
        return Err(refusal::not_publisher(&regime, &rule.by, &rule.cite).into());
    }
    let (.., draft) = store::duties::written(&mut *tx.conn(), owed.duty_id).await?;
    let corrupt = |_| Error::Corrupt("the draft of a duty cannot be read".to_owned());
    let draft = draft.map(|draft| DutyDraft::decode(draft.as_slice()).map_err(corrupt)).transpose()?;
    let figures = draft.and_then(|draft| draft.statistics).filter(|_| owed.done_at.is_some());
    let figures = figures.ok_or_else(|| no_figures(&owed, &rule.cite))?;
    if publications::has_figures(&mut *tx.conn(), owed.duty_id).await? {
        return Err(refusal::already_published().into());
    }
    let (totals, counts) = (convert::totals(&figures), convert::counts(figures.axes));
    let mut shown = publicity::figures(rule, &totals, &counts, &asked.nevers, &asked.texts)?;
    let period = format!("{} – {}", owed.first_day, owed.last_day);
    let title = Text::new("周期", "Period");
    shown.insert(0, publicity::Shown { id: "period".to_owned(), title, text: Text::new(&period, &period) });
    let now = tx.now();
    publications::put_figures(tx.conn(), owed.duty_id, &owed.unit_id, &shown, now).await?;
    let shows: Vec<String> = shown.into_iter().map(|one| one.id).collect();
    publish::figures_published(tx, &owed, staff, (shows.clone(), &rule.cite));
    Ok(shows)
}

fn no_figures(owed: &Owed, cite: &str) -> Problem {
    if owed.done_at.is_none() {
        let (zh, en) = (
            format!("任务完成之后才能公布其数据（{cite}）"),
            format!("The duty must be done before its figures are published ({cite})"),
        );
        return Problem::conflict("not-yet", zh, en);
    }
    let (zh, en) = (format!("该任务没有统计数据可公布（{cite}）"), format!("This duty reported no figures ({cite})"));
    Problem::conflict("no-figures", zh, en)
}
