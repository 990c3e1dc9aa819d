//! Cases that have to do with each other: linked, or one made a part of the other (关联、并案).

use crate::{
    app::App,
    domain::nearest::nearest,
    store::case,
    usecase::target::{self, By, Opened},
};
use contracts::{
    Fact,
    intake::{CaseLinked, CasesMerged, LinkRequest, LinkResponse, MergeRequest, MergeResponse},
};
use facts::Law;
use kit_core::Problem;
use kit_db::Result;
use kit_grpc::{Ctx, parse_id, timestamp};
use kit_ids::CaseId;
use kit_messaging::Tx;
use regime::vocabulary::RELATIONS;
use uuid::Uuid;

/// What a case is to the one that it became a part of.
const MERGED: &str = "merged";

/// Links two cases. Each of them is told: the other one of a repetition is no repetition itself, and is `related`.
#[tracing::instrument(name = "usecase.case.link", skip_all)]
pub(crate) async fn link(app: &App, ctx: &Ctx, request: LinkRequest) -> Result<LinkResponse> {
    let LinkRequest { request_id, case_id, other_case_id, relation } = request;
    let staff = ctx.staff()?.to_string();
    let (case, other) = two("other_case_id", &case_id, &other_case_id)?;
    known(&relation)?;
    let command = app.command("link", &request_id, &staff, &[&case_id, &other_case_id, &relation]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let (opened, mut theirs) = both(tx, &law, (case, other), &staff, "link").await?;
                let mut ours = opened.row;
                if ours.view.links.iter().any(|link| *link == (relation.clone(), other_case_id.clone())) {
                    return Err(Problem::conflict("already-done", "已经关联", "They are linked already").into());
                }
                let back = mirrored(&relation).to_owned();
                for (row, other_case_id, relation) in
                    [(&mut ours, &other_case_id, relation), (&mut theirs, &case_id, back)]
                {
                    let event = CaseLinked {
                        case_id: CaseId::new(row.case_id).to_string(),
                        other_case_id: other_case_id.clone(),
                        relation,
                        staff_id: staff.clone(),
                        reason: None,
                    };
                    tx.publish(&event.case_id, &event);
                    row.view.apply(&Fact::CaseLinked(event), tx.now());
                }
                case::save(tx.conn(), &[ours, theirs]).await?;
                Ok(LinkResponse {})
            })
        })
        .await
}

/// Makes a case a part of an older one, which goes on for both.
#[tracing::instrument(name = "usecase.case.merge", skip_all)]
pub(crate) async fn merge(app: &App, ctx: &Ctx, request: MergeRequest) -> Result<MergeResponse> {
    let MergeRequest { request_id, case_id, into_case_id } = request;
    let staff = ctx.staff()?.to_string();
    let (case, into) = two("into_case_id", &case_id, &into_case_id)?;
    let command = app.command("merge", &request_id, &staff, &[&case_id, &into_case_id]);
    let law = app.law();
    app.log
        .command(command, move |tx| {
            Box::pin(async move {
                let (newer, mut older) = both(tx, &law, (case, into), &staff, "merge").await?;
                if !older.view.is_open() {
                    let (zh, en) = ("并入的案件已经办结", "The case that it would become a part of has ended");
                    return Err(Problem::field("into_case_id", "already-closed", zh, en).into());
                }
                if older.view.received_at > newer.row.view.received_at {
                    let (zh, en) = ("应将后收到的并入先收到的", "The later one becomes a part of the earlier one");
                    return Err(Problem::field("into_case_id", "merge-into-older", zh, en).into());
                }
                let event = CasesMerged {
                    case_id: into_case_id.clone(),
                    other_case_id: case_id.clone(),
                    staff_id: staff.clone(),
                    received_at: Some(timestamp(newer.row.view.received_at)),
                };
                tx.publish(&into_case_id, &event);
                older.view.apply(&Fact::CasesMerged(event), tx.now());
                case::save(tx.conn(), &[older]).await?;
                // The link is what closes the later one.
                let (other_case_id, relation) = (into_case_id, MERGED.to_owned());
                let event = CaseLinked { case_id, other_case_id, relation, staff_id: staff, reason: None };
                newer.happen(tx, event, Fact::CaseLinked).await?;
                Ok(MergeResponse {})
            })
        })
        .await
}

/// Both cases, locked in one order; the caller may act in the first and see the other.
async fn both(
    tx: &mut Tx,
    law: &Law,
    (case, other): (Uuid, Uuid),
    staff: &str,
    act: &str,
) -> Result<(Opened, case::CaseRow)> {
    let rows = case::lock(tx.conn(), &[case, other]).await?;
    let theirs = rows.into_iter().find(|row| row.case_id == other).ok_or_else(Problem::unknown_case)?;
    if !facts::may_read(law, &theirs.view, staff) {
        return Err(Problem::unknown_case().into());
    }
    Ok((target::open(tx, law, case, &By::Staff(staff.to_owned()), act).await?, theirs))
}

fn two(field: &str, case: &str, other: &str) -> std::result::Result<(Uuid, Uuid), Problem> {
    let (case, other) = (parse_id::<CaseId>("case_id", case)?.uuid(), parse_id::<CaseId>(field, other)?.uuid());
    if case == other {
        return Err(Problem::field(field, "links-itself", "不能与自身关联", "A case has nothing to do with itself"));
    }
    Ok((case, other))
}

fn known(relation: &str) -> std::result::Result<(), Problem> {
    if RELATIONS.contains(&relation) {
        return Ok(());
    }
    let hint = nearest(relation, RELATIONS.iter().copied()).map_or_else(|| RELATIONS.join(", "), str::to_owned);
    let (zh, en) = (format!("没有这种关联；可用：{hint}"), format!("There is no such relation; try: {hint}"));
    Err(Problem::field("relation", "unknown-word", zh, en))
}

/// What the other case is to this one.
pub(crate) fn mirrored(relation: &str) -> &str {
    match relation {
        "repeat" | "over-level" | "same-report" => "related",
        mutual => mutual,
    }
}
