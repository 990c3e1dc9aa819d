//! `/desk`: what waits for me, by next deadline.

use crate::{
    app::App,
    desk::{forks, lists::me},
    form::Form,
    load,
    refusal::Refusal,
    session::Staff,
    view::queue::Queue,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use serde::Serialize;

#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct QueueView {
    pub(crate) queue: Queue,
    /// The list looked at; empty for all.
    pub(crate) only: String,
    pub(crate) tabs: Vec<Tab>,
    /// Where services stand still, for an administrator.
    pub(crate) forks: usize,
}

/// One list with its count.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Tab {
    pub(crate) id: &'static str,
    pub(crate) title: kit_core::Text,
    pub(crate) count: usize,
}

/// The lists a case can stand in.
const TABS: [(&str, &str, &str); 7] = [
    ("", "全部", "All"),
    ("mine", "我承办", "Mine"),
    ("to-triage", "待分级", "To triage"),
    ("to-dispatch", "待派单", "To dispatch"),
    ("ordered", "待回复", "To answer"),
    ("watched", "关注", "Watched"),
    ("late", "超期", "Late"),
];

impl QueueView {
    /// The queue, narrowed to one of its lists.
    pub(crate) fn new(mut queue: Queue, only: &str) -> Self {
        let stands = |row: &crate::view::queue::Row, id: &str| match id {
            "" => true,
            "late" => row.clock.as_ref().is_some_and(|clock| clock.left.tone == "late"),
            id => row.why.contains(&id),
        };
        let tab = |(id, zh, en): (&'static str, &str, &str)| Tab {
            id,
            title: kit_core::Text::new(zh, en),
            count: queue.cases.iter().filter(|row| stands(row, id)).count(),
        };
        let tabs = TABS.into_iter().map(tab).collect();
        queue.cases.retain(|row| stands(row, only));
        Self { queue, only: only.to_owned(), tabs, forks: 0 }
    }
}

pub(crate) async fn show(State(app): State<App>, staff: Staff, uri: Uri) -> Result<Response, Refusal> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes())?;
    let watch = async {
        let me = me(&staff).await;
        let forks = if me.is_keeper { forks::all(&app.ask_as_console(staff.language)).await.len() } else { 0 };
        (me, forks)
    };
    let (queue, (name, forks)) = tokio::join!(load::queue::queue(&app, &staff.asker), watch);
    let view = QueueView { forks, ..QueueView::new(queue?, query.get("list")) };
    Ok(app.page(StatusCode::OK, "desk/queue.html", &staff.shell(&name), &view))
}
