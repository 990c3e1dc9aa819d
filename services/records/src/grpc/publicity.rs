//! Showing cases to the public, keeping them back, and what is shown.

use super::{Face, below};
use crate::{
    domain::{Case, publicity},
    store::publications,
    usecase,
};
use contracts::records as api;
use facts::Law;
use kit_db::Result;
use kit_grpc::{
    Ctx,
    page::{self, After},
    parse_id,
};
use kit_ids::CaseId;
use kit_messaging::Command;
use regime::Regime;

impl Face {
    pub(super) async fn show(&self, ctx: &Ctx, request: api::PublishRequest) -> Result<api::PublishResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let rules = self.rules.get();
        let command = Command::new("Publish", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    let shows = usecase::show(tx, &rules, &staff, id, &request).await?;
                    Ok(api::PublishResponse { shows })
                })
            })
            .await
    }

    pub(super) async fn keep_back(&self, ctx: &Ctx, request: api::WithholdRequest) -> Result<api::WithholdResponse> {
        let staff = ctx.staff()?.to_string();
        let id: CaseId = parse_id("case_id", &request.case_id)?;
        let rules = self.rules.get();
        let command = Command::new("Withhold", &request.request_id, &staff, &request);
        self.log
            .command(command, move |tx| {
                Box::pin(async move {
                    usecase::withhold(tx, &rules, &staff, id, &request).await?;
                    Ok(api::WithholdResponse {})
                })
            })
            .await
    }

    /// What whoever publishes the case is asked; none where the regime knows of no publicity.
    pub(super) async fn publicity_form(
        &self,
        law: &Law,
        regime: &Regime,
        id: CaseId,
        case: &Case,
        staff: &str,
    ) -> Result<Option<api::PublicityForm>> {
        let Some(rule) = regime.publicity() else { return Ok(None) };
        let mut lacks = facts::lacks(regime, &case.view, "publish");
        lacks.extend(usecase::publicity_lacks(regime, case));
        let state = publications::state(self.log.pool(), id).await?.unwrap_or_default();
        let may = facts::authorise(law, &case.view, staff, "publish").is_ok()
            && usecase::is_publisher(law, regime, case, staff, &rule.by);
        let shown = |(id, title): (String, kit_core::Text)| {
            let is_written = publicity::is_written(&id);
            api::Shown { title: Some(kit_grpc::text(&title)), is_written, id }
        };
        Ok(Some(api::PublicityForm {
            only_if_asked: rule.only_if_asked,
            shows: rule.shows.iter().map(|id| shown((id.clone(), publicity::title(id)))).collect(),
            nevers: publicity::nevers(rule).into_iter().map(shown).collect(),
            missing: lacks.iter().map(|lack| kit_grpc::text(&facts::line(lack))).collect(),
            may_publish: may && lacks.is_empty() && state != "published",
            may_withhold: state != "withheld" && facts::authorise(law, &case.view, staff, "withhold").is_ok(),
            state,
            cite: rule.cite.clone(),
        }))
    }

    pub(super) async fn published(&self, request: &api::ListPublishedRequest) -> Result<api::ListPublishedResponse> {
        let rules = self.rules.get();
        let directory = rules.directory();
        let size = page::size(request.page_size)?;
        let units = (!request.unit_id.is_empty()).then(|| below(directory, &request.unit_id));
        let limit = i64::try_from(size + 1).unwrap_or(i64::MAX);
        let mut rows = publications::list(self.log.pool(), units, After::read(&request.page_token)?, limit).await?;
        let next_page_token = page::cut(&mut rows, size, |row| After { at: row.at, id: row.case_id });
        let text = |one: publicity::Shown| api::PublishedText {
            id: one.id,
            title: Some(kit_grpc::text(&one.title)),
            text: Some(kit_grpc::text(&one.text)),
        };
        let published = rows.into_iter().map(|row| api::Published {
            at: Some(kit_grpc::timestamp(row.at)),
            unit: directory.unit(&row.unit_id).map(|unit| kit_grpc::text(&unit.name)),
            texts: row.texts.0.into_iter().map(text).collect(),
        });
        Ok(api::ListPublishedResponse { published: published.collect(), next_page_token })
    }
}
