//! The lists: cases, what is late, the figures of a month.

use super::{PAGE, doors, hear_units};
use crate::{
    app::App,
    asker::Asker,
    view::{
        clock::{self, Clock},
        ledgers::LedgerPage,
        lists::{CaseRow, Cases, Late, LateRow},
        statistics::Statistics,
    },
    wordbook::Shelf,
    words::Named,
};
use contracts::{deadline_watcher, records};
use futures::future::join_all;
use kit_core::Problem;

/// A page of the list of cases.
pub(crate) async fn cases(app: &App, asker: &Asker, mut wanted: records::ListCasesRequest) -> Result<Cases, Problem> {
    if wanted.page_size == 0 {
        wanted.page_size = PAGE;
    }
    let (list, _, _) = tokio::join!(asker.list_cases(wanted), hear_units(app, asker), doors(app, asker, ""));
    let list = list?;
    let severities = list.cases.iter().map(|row| (row.severity.clone(), row.case_id.clone()));
    app.words.ask_severities(asker, severities).await;
    let cases = list.cases.into_iter().map(|row| CaseRow::new(row, &app.words)).collect();
    Ok(Cases { cases, next_page_token: list.next_page_token })
}

/// The figures of a month.
pub(crate) async fn statistics(app: &App, asker: &Asker, unit_id: &str, month: &str) -> Result<Statistics, Problem> {
    let message = records::GetStatisticsRequest { unit_id: unit_id.to_owned(), month: month.to_owned() };
    let (answer, _, _) = tokio::join!(asker.get_statistics(message), hear_units(app, asker), doors(app, asker, ""));
    let answer = answer?;
    let samples = answer.by_severity.iter().map(|count| {
        let wanted = records::ListCasesRequest { severity: count.id.clone(), page_size: 1, ..Default::default() };
        asker.list_cases(wanted)
    });
    let samples = join_all(samples).await.into_iter().flatten().flat_map(|list| list.cases);
    app.words.ask_severities(asker, samples.map(|row| (row.severity, row.case_id))).await;
    Ok(Statistics::new(unit_id, answer, &app.words))
}

/// The rows of a ledger, or the ledgers that there are to see.
pub(crate) async fn ledger(asker: &Asker, mut wanted: records::ListLedgerRequest) -> Result<LedgerPage, Problem> {
    if wanted.page_size == 0 {
        wanted.page_size = PAGE;
    }
    asker.list_ledger(wanted).await.map(LedgerPage::from)
}

/// What is late, with the numbers of the cases.
pub(crate) async fn late(app: &App, asker: &Asker, unit_id: &str, page_token: &str) -> Result<Late, Problem> {
    let message = deadline_watcher::ListLateRequest {
        unit_id: unit_id.to_owned(),
        page_size: PAGE,
        page_token: page_token.to_owned(),
    };
    let (list, _) = tokio::join!(asker.list_late(message), hear_units(app, asker));
    let list = list?;
    let clocks = clock::clocks(list.clocks, app.env.now());
    let dossiers = join_all(clocks.iter().map(|clock| {
        asker.get_dossier(records::GetDossierRequest { case_id: clock.case_id.clone(), ..Default::default() })
    }))
    .await;
    let row = |(clock, dossier): (Clock, Result<records::GetDossierResponse, Problem>)| {
        let (number, unit) = dossier.map_or_else(
            |_| (clock.case_id.clone(), Named::default()),
            |dossier| (dossier.number, app.words.name(Shelf::Unit, &dossier.unit_id)),
        );
        LateRow { number, unit, clock }
    };
    Ok(Late { clocks: clocks.into_iter().zip(dossiers).map(row).collect(), next_page_token: list.next_page_token })
}
