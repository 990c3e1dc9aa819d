//! Samples of what waits to be published, and of what hangs on a wall.

use super::{duty_row, now, stamp, t, v};
use crate::{
    desk::{posters::Poster, publicity::PublicityView},
    view::published::ToPublish,
};
use contracts::records;
use kit_core::Text;
use serde_json::Value;

pub(crate) fn to_publish() -> ToPublish {
    let case = |number: &str, missing| records::ToPublish {
        case_id: "case_1".into(),
        number: number.into(),
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        regime_title: t("投诉处理内部工作程序", "Internal complaint procedure"),
        resolved_at: stamp(-30),
        missing,
        nevers: t("涉及个人隐私", "Private matters").into_iter().collect(),
        cite: "九.3".into(),
    };
    let lacking = t("投诉人同意公示（九.3）", "The complainant consents (九.3)").into_iter().collect();
    let list = records::ListToPublishResponse {
        cases: vec![case("TS-2026-000012", vec![]), case("TS-2026-000013", lacking)],
        figures: vec![duty_row("done")],
        next_page_token: "next".into(),
    };
    ToPublish::new(list, now())
}

fn poster() -> Poster {
    Poster {
        title: Text::new("投诉与建议", "Complaints and suggestions"),
        unit: Text::new("翠湖花园管理处", "Cuihu Garden office"),
        hint: Text::new("请用手机扫码", "Scan it with a telephone"),
        address: "https://jiesu.example/hand-in?unit=b03".into(),
        code: "/desk/posters/doors/b03/code.svg".into(),
        back: "/desk/hand-in?unit=b03".into(),
    }
}

pub(super) fn pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    vec![
        ("publicity", "desk/publicity.html", true, v(&PublicityView { found: to_publish(), ..Default::default() })),
        ("publicity-none", "desk/publicity.html", true, v(&PublicityView::default())),
        ("poster", "desk/poster.html", true, v(&poster())),
    ]
}
