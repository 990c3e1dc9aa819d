//! What waits for somebody to show it to the public: cases with a result, and figures that a duty has reported; and
//! showing those figures.

use super::{Face, below, publicity::asked_by, scope};
use crate::{
    convert,
    domain::{
        duties::{Key, Owed},
        publicity,
    },
    store::{
        self,
        lists::Scope,
        publications::{self, Waiting},
    },
    usecase,
};
use contracts::records as api;
use facts::Law;
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
    text, timestamp,
};
use kit_ids::CaseId;
use kit_messaging::Command;
use regime::{Publicity, PublicityOf};

/// The duties whose figures are listed.
const MOST_FIGURES: i64 = 50;

impl Face {
    pub(super) async fn to_publish(
        &self,
        ctx: &Ctx,
        request: &api::ListToPublishRequest,
    ) -> Result<api::ListToPublishResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let size = page::size(request.page_size)?;
        let units = (!request.unit_id.is_empty()).then(|| below(rules.directory(), &request.unit_id));
        let (after, limit) = (After::read(&request.page_token)?, i64::try_from(size + 1).unwrap_or(i64::MAX));
        let figures = match after {
            None => self.figures_to_publish(&rules, &staff, units.as_deref()).await?,
            Some(_) => Vec::new(),
        };
        let regimes: Vec<(String, i32)> =
            as_a_rule(&rules, PublicityOf::Case).map(|(id, version, _)| (id, version)).collect();
        let scope = scope(&rules, &staff);
        let mut rows = publications::waiting(self.log.pool(), &staff, &regimes, &scope, units, (after, limit)).await?;
        let next_page_token = page::cut(&mut rows, size, |row| After { at: row.resolved_at, id: row.case_id });
        let cases = rows.into_iter().filter_map(|row| waiting(&rules, &staff, row)).collect();
        Ok(api::ListToPublishResponse { cases, next_page_token, figures })
    }

    async fn figures_to_publish(&self, law: &Law, staff: &str, asked: Option<&[String]>) -> Result<Vec<api::DutyRow>> {
        let directory = law.directory();
        let mut scope = Scope::default();
        for (regime, version, rule) in as_a_rule(law, PublicityOf::Summary) {
            let is_asked = |unit: &str| asked.is_none_or(|units| units.iter().any(|one| one == unit));
            let held =
                directory.units().filter(|unit| is_asked(&unit.id) && directory.holds(staff, &rule.by, &unit.id));
            for unit in held {
                scope.regimes.push(regime.clone());
                scope.versions.push(version);
                scope.units.push(unit.id.clone());
            }
        }
        let owed = store::duties::unpublished(self.log.pool(), &scope, MOST_FIGURES).await?;
        let now = self.log.env().now();
        let owed = owed.iter().filter(|owed| owed.may_publish(law, staff));
        Ok(owed.map(|owed| convert::duty(owed, law, staff, now)).collect())
    }

    /// What whoever publishes the figures of a duty is asked; none where they are not published, or before it is done.
    pub(super) async fn figures_form(&self, law: &Law, staff: &str, owed: &Owed) -> Result<Option<api::PublicityForm>> {
        let Some(regime) = owed.regime(law).filter(|_| owed.done_at.is_some()) else { return Ok(None) };
        let Some(rule) = regime.publicity(PublicityOf::Summary) else { return Ok(None) };
        let is_shown = publications::has_figures(self.log.pool(), owed.duty_id).await?;
        if !is_shown && !owed.may_publish(law, staff) {
            return Ok(None);
        }
        let state = if is_shown { "published".to_owned() } else { String::new() };
        Ok(Some(api::PublicityForm { may_publish: !is_shown, state, ..asked_by(rule) }))
    }

    pub(super) async fn show_figures(
        &self,
        ctx: &Ctx,
        request: api::PublishFiguresRequest,
    ) -> Result<api::PublishFiguresResponse> {
        let staff = ctx.staff()?.to_string();
        let rules = self.rules.get();
        let (unit_id, regime_id) = (request.unit_id.clone(), request.regime_id.clone());
        let key = Key { unit_id, regime_id, duty: request.duty.clone(), period: request.period.clone() };
        let command = Command::new("PublishFigures", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    let shows = usecase::publish_figures(tx, &rules, &staff, &key, &request).await?;
                    Ok(api::PublishFiguresResponse { shows })
                })
            })
            .await
    }
}

/// The rules by which something is shown without anybody's asking for it, with the id and the version of their regimes.
fn as_a_rule(law: &Law, of: PublicityOf) -> impl Iterator<Item = (String, i32, &Publicity)> {
    law.published().filter_map(move |(regime, version, ..)| {
        let rule = regime.publicity(of).filter(|rule| !rule.only_if_asked)?;
        Some((regime.id.clone(), i32::try_from(version).unwrap_or(i32::MAX), rule))
    })
}

/// A case that waits, if this person is the one who shows it.
fn waiting(law: &Law, staff: &str, row: Waiting) -> Option<api::ToPublish> {
    let case = row.view.0;
    let regime = law.regime(&case.regime_id, case.regime_version)?;
    let rule = regime.publicity(PublicityOf::Case)?;
    if facts::authorise(law, &case, staff, "publish").is_err()
        || !usecase::is_publisher(law, &regime, &case, staff, &rule.by)
    {
        return None;
    }
    let mut lacks = facts::lacks(&regime, &case, "publish");
    lacks.extend(usecase::publicity_lacks(&regime, &case));
    Some(api::ToPublish {
        case_id: CaseId::new(row.case_id).to_string(),
        unit_name: law.directory().unit(&case.unit_id).map(|unit| text(&unit.name)),
        regime_title: Some(text(&regime.title)),
        resolved_at: Some(timestamp(row.resolved_at)),
        missing: lacks.iter().map(|lack| text(&facts::line(lack))).collect(),
        nevers: publicity::nevers(rule).values().map(text).collect(),
        cite: rule.cite.clone(),
        number: case.number,
        unit_id: case.unit_id,
    })
}
