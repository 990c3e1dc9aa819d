//! One sample of every page, for tests: made from the answers services give, so that views are tested on the way.

pub(crate) mod publicity;
pub(crate) mod surveys;

use crate::{
    api::document::ApiView,
    app::{App, Inner},
    desk::{
        case::{CaseView, Revealed},
        destruction::{DestructionView, File},
        document::DocumentView,
        duties::{DutiesView, DutyView},
        hand_in::BranchView,
        head::Narrowed,
        joint::JointView,
        late::LateView,
        ledgers::LedgersView,
        lists::CasesView,
        mail::{MailView, MailsView},
        parked::ParkedView,
        queue::QueueView,
        sign_in::SignInView,
        statistics::StatisticsView,
    },
    dress::ErrorView,
    form::Form,
    hand_in::Receipt,
    public::{
        follow::{AskView, FORMS, FollowedView},
        hand_in::{HandInView, ReceiptView},
        home::HomeView,
        published::PublishedView,
    },
    render::Templates,
    settings::Settings,
    typed::Typed,
    view::{
        case::{Case, SealedText},
        clock,
        door::Door,
        duties::{Duties, Duty, OneDuty},
        follow::{Followed, steps},
        ledgers::LedgerPage,
        linked::{Joint, Linked, Other},
        lists::{CaseRow, Cases, Late, LateRow, Mail},
        parked::{Decision, Fork, Key, Parked},
        published::PublishedPage,
        queue::{self, Queue, Row},
        statistics::Statistics,
    },
    wordbook::{Shelf, Wordbook},
    words::{self, Named},
};
use chrono::{DateTime, TimeDelta, Utc};
use contracts::{assignment, common, deadline_watcher, intake, log, notification, records, resolution, triage};
use kit_config::MapSource;
use kit_core::{Env, ManualClock, Problem, RandomIds, Text};
use serde_json::{Value, to_value};
use std::sync::Arc;

/// A text with markup in it, as a complainant might type.
pub(crate) const NASTY: &str = "<script>alert('x')</script> & \"quotes\" 三号楼电梯";

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-21T02:05:00Z".parse().unwrap()
}

/// A console whose peers are at `source`, and whose database is never asked.
pub(crate) fn app(source: MapSource) -> App {
    let settings = Settings { public_url: "http://127.0.0.1:8080".into(), zone: chrono_tz::Asia::Shanghai };
    App::new(Inner {
        env: Env { clock: Arc::new(ManualClock::new(now())), ids: Arc::new(RandomIds) },
        peers: kit_grpc::Peers::new(Arc::new(source)),
        tokens: kit_grpc::Tokens::new("a key for tests only, of some length"),
        pool: sqlx::PgPool::connect_lazy("postgres://nobody@127.0.0.1:1/none").unwrap(),
        templates: Templates::load(settings.zone).unwrap(),
        settings,
        words: Wordbook::default(),
    })
}

fn t(zh: &str, en: &str) -> Option<common::Text> {
    Some(common::Text { zh: zh.into(), en: en.into() })
}

fn stamp(hours: i64) -> Option<prost_types::Timestamp> {
    Some(kit_grpc::timestamp(now() + TimeDelta::hours(hours)))
}

pub(crate) fn door() -> intake::Door {
    let choice = |id: &str, zh, en| intake::Choice { id: id.into(), title: t(zh, en) };
    let channel = |id: &str, zh, en, by_staff| intake::ChannelDoor {
        channel: id.into(),
        title: t(zh, en),
        is_recorded_by_staff: by_staff,
        required_fields: ["contact", "subject", "narrative", "place"].map(str::to_owned).to_vec(),
        identity: "contact".into(),
        ..Default::default()
    };
    let question = |name: &str, zh, en, kind: &str| intake::Question {
        name: name.into(),
        title: t(zh, en),
        r#type: kind.into(),
        words: if kind == "word" {
            vec![choice("heavy", "重大", "Heavy"), choice("light", "轻微", "Light")]
        } else {
            vec![]
        },
        cite: "一.1".into(),
    };
    intake::Door {
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        regime_id: "procedure".into(),
        regime_title: t("投诉处理内部工作程序", "Internal complaint procedure"),
        kinds: vec![choice("complaint", "投诉", "Complaint"), choice("suggestion", "建议", "Suggestion")],
        channels: vec![
            channel("web", "网页", "Web", false),
            channel("phone", "电话", "Phone", true),
            channel("letter", "来信", "Letter", true),
        ],
        departments: vec![choice("b03-eng", "工程部", "Engineering"), choice("b03-sec", "保安部", "Security")],
        questions: vec![
            question("injury", "有人受伤吗?", "Was anyone hurt?", "flag"),
            question("times_raised", "以前反映过几次?", "How often was it raised before?", "number"),
            question("loss", "损失多大?", "How great is the loss?", "word"),
        ],
        may_be_anonymous: true,
        complainants: vec![choice("resident", "业主", "Resident")],
        respondents: vec![choice("operator", "经营者", "Operator")],
        guidance: vec![common::Text { zh: "请先倾听".into(), en: "Listen first".into() }],
        apart: vec![intake::Kinds { kinds: vec!["complaint".into(), "suggestion".into()] }],
    }
}

fn problem() -> Problem {
    Problem::field("narrative", "too-short", "请写明经过", "Say what happened")
        .with_field("times_raised", "请填写整数", "Give a whole number")
        .with_field("contact", "请填电话或邮箱", "Give a phone number or an e-mail address")
}

fn typed_form() -> Form {
    Form(vec![
        ("subject".into(), NASTY.into()),
        ("narrative".into(), "短".into()),
        ("facts.flag.injury".into(), "true".into()),
        ("facts.number.times_raised".into(), "two".into()),
        ("measures[]".into(), "repair".into()),
        ("code".into(), "1234".into()),
    ])
}

fn case_clocks() -> Vec<deadline_watcher::CaseClock> {
    let clock = |name: &str, zh, en, state: &str, started, due, stopped| deadline_watcher::CaseClock {
        case_id: "case_1".into(),
        clock: name.into(),
        run: 1,
        title: t(zh, en),
        state: state.into(),
        started_at: stamp(started),
        due_at: stamp(due),
        stopped_at: stopped,
        is_advisory: name == "one-month",
        cite: "三.2".into(),
    };
    vec![
        clock("handling", "处理时限", "Handling", "running", -10, 62, None),
        clock("clear-answer", "明确答复", "Clear answer", "running", -46, 2, None),
        clock("form-back", "意见表收回", "Form back", "missed", -60, -50, None),
        clock("one-month", "一个月", "One month", "stopped", -60, 500, stamp(-1)),
    ]
}

fn task() -> notification::Task {
    notification::Task {
        task_id: "task_1".into(),
        case_id: "case_1".into(),
        number: "TS-2026-000012".into(),
        purpose: "case-called-back".into(),
        title: t("回访投诉人", "Call the complainant back"),
        ways: vec!["call".into(), "visit".into()],
        role: "patrol-team".into(),
        unit_id: "b03".into(),
        state: "open".into(),
        opened_at: stamp(-3),
        may_complete: true,
        asks_satisfaction: true,
        satisfactions: vec![notification::Word { id: "satisfied".into(), title: t("满意", "Satisfied") }],
        parts: vec![notification::Word { id: "reasons".into(), title: t("理由", "Reasons") }],
    }
}

fn suspension(id: &str, state: &str) -> deadline_watcher::Suspension {
    deadline_watcher::Suspension {
        suspension_id: id.into(),
        clocks: vec!["handling".into()],
        state: state.into(),
        approver_role: "head".into(),
        may_rule: state == "asked",
        ..Default::default()
    }
}

fn candidate(staff_id: &str, name: &str) -> assignment::Candidate {
    assignment::Candidate {
        unit_id: "b03-eng".into(),
        unit_name: t("工程部", "Engineering"),
        staff_id: staff_id.into(),
        staff_name: name.into(),
        role: "head".into(),
    }
}

fn order(no: u32, is_answered: bool) -> assignment::GivenOrder {
    assignment::GivenOrder {
        no,
        order: "supervision".into(),
        title: t("督办单", "Supervision order"),
        answer: t("督办回复", "Answer"),
        ground: "late".into(),
        unit_id: "b03-eng".into(),
        to: "head".into(),
        due: "2026-11-24".into(),
        is_answered,
        may_answer: !is_answered,
        ..Default::default()
    }
}

/// What resolution says: a course in its second round, a step that asks for everything, what is owed and what waits.
fn clock_move(
    clock: &str,
    due_before: Option<prost_types::Timestamp>,
    due_after: Option<prost_types::Timestamp>,
) -> deadline_watcher::ClockMove {
    deadline_watcher::ClockMove {
        clock: clock.into(),
        run: 1,
        title: t("处理期限", "Handling"),
        state_before: if due_before.is_some() { "missed".into() } else { String::new() },
        state_after: "running".into(),
        breach: if due_before.is_some() { "undone".into() } else { String::new() },
        due_before,
        due_after,
        cite: "三".into(),
    }
}

fn resolution() -> resolution::GetCaseResponse {
    let word = |id: &str, zh, en| resolution::Word { id: id.into(), title: t(zh, en) };
    let stage = |id: &str, zh, en, is_reached| resolution::Stage {
        id: id.into(),
        title: t(zh, en),
        is_reached,
        cite: "三.1".into(),
    };
    let owed =
        |measure: &str, zh, en, is_done| resolution::OwedMeasure { measure: measure.into(), title: t(zh, en), is_done };
    let sign_off = |act: &str, zh, en, may_rule| resolution::SignOff {
        act: act.into(),
        title: t(zh, en),
        role: "general-manager".into(),
        tier: 2,
        asked_by: "staff_9".into(),
        may_rule,
        role_title: t("总经理", "General manager"),
        asked_by_name: "赵六".into(),
    };
    let reward = resolution::StepForm {
        step: "reward-granted".into(),
        takes: ["text", "files", "date", "staff", "amount"].map(str::to_owned).to_vec(),
        outcomes: vec![word("granted", "奖励", "Granted"), word("refused", "不奖励", "Not granted")],
        suggested: "granted".into(),
        least_staff: 2,
        needs_credentials: true,
        least: 200_000,
        most: 5_000_000,
        currency: "CNY".into(),
        parts: vec![],
    };
    let form = |step: &str, take: &str| resolution::StepForm {
        step: step.into(),
        takes: vec![take.into()],
        ..Default::default()
    };
    let step =
        |id: &str, zh, en| common::Action { id: id.into(), title: t(zh, en), is_allowed: true, ..Default::default() };
    resolution::GetCaseResponse {
        state: "handling".into(),
        finding: "ours".into(),
        measures: vec!["repair".into()],
        findings: vec![word("ours", "责任在我方", "Ours")],
        measure_words: vec![word("repair", "维修", "Repair"), word("apology", "致歉", "Apology")],
        guidance: vec![common::Text { zh: "仍应尽量提供方便".into(), en: "Help where you can".into() }],
        version: 4,
        course: vec![
            stage("accepted", "受理", "Acceptance", true),
            stage("investigated", "调查", "Investigation", false),
            stage("told", "告知", "Result told", false),
        ],
        round: 2,
        owed: vec![owed("repair", "维修", "Repair", false), owed("apology", "致歉", "Apology", true)],
        sign_offs: vec![sign_off("close", "办结", "Close", true), sign_off("refer", "移送", "Refer", false)],
        to_approve: vec![word("tell", "告知结果", "Tell the result")],
        appeal: Some(resolution::AppealForm {
            tier: "review".into(),
            title: t("复核", "Review"),
            outcomes: vec![word("upheld", "维持", "Upheld"), word("changed", "变更", "Changed")],
            suggested: "upheld".into(),
        }),
        steps: vec![
            reward,
            form("opinion-form-returned", "files"),
            form("plan-made", "form"),
            form("explained", "text"),
            resolution::StepForm {
                step: "tell".into(),
                parts: vec!["reasons".into(), "redress".into()],
                ..Default::default()
            },
        ],
        actions: vec![
            step("reward-granted", "奖励", "Reward granted"),
            step("opinion-form-returned", "收回意见表", "Opinion form returned"),
            step("plan-made", "制定方案", "Plan made"),
            step("explained", "说明解释", "Explained"),
        ],
        ..Default::default()
    }
}

/// Commands whose forms stand elsewhere on the page, or go by the name of a step.
pub(crate) const ELSEWHERE: [&str; 5] = ["complete-task", "rule-on-overrun", "rule-on-suspension", "do-step", "order"];

/// A case with every action there is, so that every form is drawn.
pub(crate) fn case(words: &Wordbook) -> Case {
    words.hear_doors(&[door()]);
    let word = |id: &str, zh, en| triage::Word { id: id.into(), title: t(zh, en), cite: String::new() };
    let names: Vec<&str> = crate::command::COMMANDS.iter().map(|c| c.name).collect();
    let mut actions: Vec<common::Action> = names
        .iter()
        .filter(|name| !ELSEWHERE.contains(*name) && **name != "close")
        .map(|name| common::Action {
            id: (*name).into(),
            title: t(name, name),
            is_allowed: true,
            cite: "二.1".into(),
            ..Default::default()
        })
        .collect();
    actions.push(common::Action {
        id: "close".into(),
        title: t("办结", "Close"),
        is_allowed: false,
        missing: vec![common::Text { zh: "先告知投诉人".into(), en: "Tell the complainant first".into() }],
        cite: "二.1-3".into(),
    });
    let flag = common::FactValue { kind: Some(common::fact_value::Kind::Flag(true)) };
    let triage_answer = triage::GetCaseResponse {
        case_id: "case_1".into(),
        kind: "complaint".into(),
        category: "lift".into(),
        severity: "important".into(),
        validity: "valid".into(),
        state: "accepted".into(),
        about_unit_id: Some("b03-eng".into()),
        facts: vec![common::Fact { name: "injury".into(), value: Some(flag) }],
        suggested_severity: "important".into(),
        suggested_cite: "一.2".into(),
        suggested_ground: "police".into(),
        suggested_ground_cite: "一.4".into(),
        accept_parts: vec![word("process", "办理程序", "How it will be handled")],
        decline_parts: vec![word("other-ways", "其他途径", "Other ways open to you")],
        version: 3,
        versions: vec![
            triage::VersionOffer {
                regime_id: "procedure".into(),
                version: 2,
                title: t("投诉处理程序", "Complaint procedure"),
                in_force_from: "2026-11-01".into(),
                is_expected: true,
                ..Default::default()
            },
            triage::VersionOffer {
                regime_id: "procedure".into(),
                version: 3,
                title: t("投诉处理程序", "Complaint procedure"),
                in_force_from: "2026-11-10".into(),
                missing: vec![common::Text { zh: "类别“电梯”".into(), en: "the category \"Lift\"".into() }],
                ..Default::default()
            },
        ],
        actions,
        vocabulary: Some(triage::Vocabulary {
            kinds: vec![word("complaint", "投诉", "Complaint")],
            categories: vec![word("lift", "电梯", "Lift")],
            severities: vec![word("important", "重要投诉", "Important"), word("major", "重大投诉", "Major")],
            validities: vec![word("valid", "有效", "Valid")],
            grounds: vec![word("out-of-scope", "不属受理范围", "Out of scope")],
            referrals: vec![word("police", "治安案件", "A police matter")],
            courtesies: vec![word("neighbours", "邻里纠纷", "Neighbours' quarrel")],
            bodies: vec![word("police-station", "派出所", "Police station")],
            departments: vec![word("b03-eng", "工程部", "Engineering")],
            questions: vec![triage::Question {
                name: "injury".into(),
                title: t("有人受伤吗?", "Was anyone hurt?"),
                r#type: "flag".into(),
                ..Default::default()
            }],
        }),
        ..Default::default()
    };
    let mut case = Case { case_id: "case_1".into(), ..Case::default() };
    case.hear_intake(
        intake::GetCaseResponse {
            number: "TS-2026-000012".into(),
            regime_id: "procedure".into(),
            regime_version: 1,
            unit_id: "b03".into(),
            channel: "web".into(),
            kind: "complaint".into(),
            received_at: stamp(-60),
            asked_by: Some("2026-11-25".into()),
            is_anonymous: true,
            identity_fields: vec!["name".into(), "phone".into()],
            complainant: "resident".into(),
            respondent: "operator".into(),
            identity: "named".into(),
            is_sealed: true,
            linked: vec![intake::LinkedCase {
                case_id: "case_7".into(),
                relation: "twin".into(),
                number: "TS-2026-000017".into(),
            }],
            split_into: ["procedure", "reports"]
                .map(|regime_id| intake::SplitChoice {
                    kind: "report".into(),
                    title: t("举报", "Report"),
                    regime_id: regime_id.into(),
                    regime_title: t("举报办法", "Rules for reports"),
                })
                .to_vec(),
            ..Default::default()
        },
        words,
    );
    case.hear_triage(triage_answer, words);
    for version in case.versions.iter_mut().take(1) {
        version.moves = Some(vec![clock_move("handling", stamp(60), stamp(120)).into(), {
            clock_move("acceptance", None, stamp(30)).into()
        }]);
    }
    case.hear_assignment(
        assignment::GetCaseResponse {
            state: "signed".into(),
            handling_unit_id: "b03-eng".into(),
            handler_id: "staff_1".into(),
            handler_name: "李工".into(),
            slip: "ZB-12".into(),
            rung: 1,
            version: 2,
            candidates: vec![candidate("staff_1", "李工")],
            orders: vec![order(1, true), order(2, false)],
            order_forms: vec![assignment::OrderForm {
                order: "supervision".into(),
                title: t("督办单", "Supervision order"),
                is_dated: true,
                grounds: vec![assignment::OrderGround {
                    ground: "late".into(),
                    title: t("超期", "Late"),
                    is_suggested: true,
                    cite: "四.3".into(),
                }],
                unit_id: "b03-eng".into(),
                to: "head".into(),
                recipients: vec![candidate("staff_1", "李工")],
                has_risen: true,
                cite: "四".into(),
            }],
            team_forms: vec![assignment::TeamForm {
                team: "investigation".into(),
                title: t("调查组", "Investigation team"),
                least: 3,
                departments: 2,
                lead_role: "head".into(),
                candidates: vec![candidate("staff_1", "李工"), candidate("staff_2", "钱工")],
                cite: "五".into(),
            }],
            returned_by: "b03-eng".into(),
            recusals_asked: vec![candidate("staff_1", "李工")],
            delegates: vec![candidate("staff_2", "钱工")],
            actions: vec![common::Action {
                id: "order(supervision)".into(),
                title: t("督办单", "Supervision order"),
                is_allowed: true,
                ..Default::default()
            }],
            ..Default::default()
        },
        words,
    );
    case.hear_resolution(resolution(), words);
    case.hear_clocks(
        deadline_watcher::GetCaseResponse {
            clocks: case_clocks(),
            extensions: vec![deadline_watcher::Extension {
                extension_id: "ext_1".into(),
                clock: "handling".into(),
                until: "2026-11-30".into(),
                state: "asked".into(),
                approver_role: "general-manager".into(),
                may_rule: true,
                ..Default::default()
            }],
            suspensions: vec![suspension("sus_1", "asked"), suspension("sus_2", "granted")],
            ..Default::default()
        },
        now(),
    );
    for clock in &mut case.clocks {
        clock.lines =
            vec![Text::new("自 2026-11-18 登记起,第 3 天止", "From registration on 2026-11-18, until the 3rd day")];
    }
    case.hear_dossier(
        records::GetDossierResponse {
            entries: vec![records::Entry {
                at: stamp(-60),
                fact: "case-registered".into(),
                text: t("案件已登记", "The case was registered"),
                actor_name: "王前台".into(),
                ref_ids: vec!["ref_2".into()],
                ..Default::default()
            }],
            ledgers: vec![records::LedgerName {
                id: "praise".into(),
                title: t("表彰台账", "Praise"),
                cite: "九".into(),
            }],
            publicity: Some(publicity()),
            ..Default::default()
        },
        words,
    );
    case.hear_deliveries(notification::ListDeliveriesResponse {
        deliveries: vec![notification::Delivery {
            notice_id: "notice_1".into(),
            way: "email".into(),
            recipient: "complainant".into(),
            template: "receipt".into(),
            document: "TS-2026-000012-receipt-1".into(),
            state: "sent".into(),
            at: stamp(-59),
            ..Default::default()
        }],
    });
    let text = |id: &str, purpose: &str| SealedText {
        ref_id: id.into(),
        purpose: words::purpose(purpose),
        text: NASTY.into(),
        at: Some(now()),
    };
    case.texts = vec![text("ref_1", "narrative")];
    for entry in &mut case.entries {
        entry.texts = vec![text("ref_2", "note"), text("ref_3", "file")];
    }
    case.tasks = vec![queue::task(task(), words)];
    case.alike = vec![Other::from(intake::AlikeCase {
        case_id: "case_8".into(),
        number: "TS-2026-000008".into(),
        relation: "repeat".into(),
        cite: "六.1".into(),
        received_at: stamp(-200),
    })];
    for linked in &mut case.linked {
        stands(linked, words);
    }
    case.units = vec![words.name(Shelf::Unit, "b03-eng")];
    case.staff = vec![Named::new("staff_9", Text::new("赵六", "赵六"))];
    case.missing = vec![words::part_missing("records")];
    case.sort_actions();
    case
}

fn publicity() -> records::PublicityForm {
    let shown =
        |id: &str, zh: &str, en: &str, is_written| records::Shown { id: id.into(), title: t(zh, en), is_written };
    records::PublicityForm {
        only_if_asked: true,
        shows: vec![shown("category", "类别", "Category", false), shown("result", "处理结果", "Result", true)],
        nevers: vec![shown("1", "涉及个人隐私", "Private matters", false)],
        may_publish: true,
        may_withhold: true,
        cite: "九.3".into(),
        ..Default::default()
    }
}

fn ledger_row() -> records::LedgerRow {
    records::LedgerRow {
        at: stamp(-30),
        case_id: "case_1".into(),
        number: "TS-2026-000012".into(),
        about: "staff".into(),
        points: 2,
        cause: t("超期", "Missed"),
        cite: "九.1".into(),
        ..Default::default()
    }
}

pub(crate) fn ledger() -> LedgerPage {
    let by_hand = records::LedgerRow { cause: None, staff_name: "王前台".into(), ..ledger_row() };
    LedgerPage::from(records::ListLedgerResponse {
        title: t("催问台账", "Chases"),
        rows: vec![ledger_row(), by_hand],
        points: 4,
        next_page_token: "next".into(),
        ..Default::default()
    })
}

pub(crate) fn published() -> PublishedPage {
    let text = |zh: &str, said: &str| records::PublishedText {
        id: "result".into(),
        title: t(zh, "Result"),
        text: t(said, said),
    };
    let one = records::Published {
        at: stamp(-30),
        unit: t("翠湖花园管理处", "Cuihu Garden office"),
        texts: vec![text("处理结果", NASTY)],
    };
    PublishedPage::from(records::ListPublishedResponse { published: vec![one], next_page_token: "next".into() })
}

fn records_pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    let units = vec![Named::new("b03", Text::new("翠湖", "Cuihu"))];
    let choices = vec![Named::new("chased", Text::new("催问台账", "Chases"))];
    let typed = Typed::new("ledgers", String::new()).with("ledger", "chased");
    let rows = Narrowed { found: ledger(), units: units.clone(), typed };
    let ledgers = LedgersView { ledgers: choices.clone(), rows };
    let rows = Narrowed { typed: refused("ledgers"), ..Narrowed::default() };
    let refused = LedgersView { ledgers: choices, rows };
    let document = DocumentView {
        case_id: "case_1".into(),
        document: "TS-2026-000012-receipt-1".into(),
        subject: Text::new("受理告知书", "Notice of acceptance"),
        body: Text::new(NASTY, NASTY),
    };
    vec![
        ("ledgers", "desk/ledgers.html", true, v(&ledgers)),
        ("ledgers-refused", "desk/ledgers.html", true, v(&refused)),
        ("ledgers-none", "desk/ledgers.html", true, v(&LedgersView::default())),
        ("document", "desk/document.html", true, v(&document)),
        (
            "published",
            "public/published.html",
            false,
            v(&PublishedView { page: published(), units, unit: "b03".into() }),
        ),
        ("published-none", "public/published.html", false, v(&PublishedView::default())),
    ]
}

/// How a linked case stands.
fn stands(linked: &mut Linked, words: &Wordbook) {
    linked.kind = words.name(Shelf::Kind, "complaint");
    linked.regime = words.name(Shelf::Regime, "procedure");
    linked.unit = words.name(Shelf::Unit, "b03");
    linked.state = words::state("handling");
    linked.handler = Named::new("staff_4", Text::new("李四", "李四"));
    linked.clocks = clock::clocks(case_clocks(), now());
}

pub(crate) fn joint(words: &Wordbook) -> Joint {
    let one = |case_id: &str, number: &str, relation: &str| {
        let (case_id, number, relation) = (case_id.into(), number.into(), relation.into());
        let mut linked = Linked::from(intake::LinkedCase { case_id, relation, number });
        stands(&mut linked, words);
        linked
    };
    let cases = vec![
        Linked { relation: Named::default(), ..one("case_1", "TS-2026-000012", "") },
        one("case_7", "TS-2026-000017", "twin"),
    ];
    let mut joint = Joint { case_id: "case_1".into(), number: "TS-2026-000012".into(), cases, ..Joint::default() };
    let dossier = |case_id: &str, number: &str, hours: [i64; 2]| records::GetDossierResponse {
        case_id: case_id.into(),
        number: number.into(),
        state: "handling".into(),
        entries: hours
            .into_iter()
            .map(|hour| records::Entry {
                at: stamp(hour),
                text: t(NASTY, NASTY),
                fact: "note-added".into(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    };
    joint.hear_dossier(dossier("case_1", "TS-2026-000012", [-9, -3]));
    joint.hear_dossier(dossier("case_7", "TS-2026-000017", [-6, -1]));
    joint.missing = vec![words::part_missing("records")];
    joint
}

pub(crate) fn queue(words: &Wordbook) -> Queue {
    let _ = case(words);
    let queued = |id: &str, number: &str| assignment::QueuedCase {
        case_id: id.into(),
        number: number.into(),
        unit_id: "b03".into(),
        severity: "important".into(),
        state: "signed".into(),
        received_at: stamp(-60),
        ..Default::default()
    };
    let pending = triage::PendingCase {
        case_id: "case_3".into(),
        number: "TS-2026-000014".into(),
        unit_id: "b03".into(),
        received_at: stamp(-1),
        ..Default::default()
    };
    let rows = vec![
        Row::queued(queued("case_1", "TS-2026-000012"), "mine", words),
        Row::queued(queued("case_2", "TS-2026-000013"), "watched", words),
        Row::pending(pending, words),
    ];
    Queue {
        cases: queue::merge(rows, clock::clocks(case_clocks(), now())),
        tasks: vec![queue::task(task(), words)],
        missing: vec![words::part_missing("triage")],
    }
}

pub(crate) fn statistics(words: &Wordbook) -> Statistics {
    let answer = records::GetStatisticsResponse {
        month: "2026-11".into(),
        received: 12,
        accepted: 10,
        resolved: 8,
        resolved_in_time: 7,
        resolved_in_time_restated: 8,
        by_severity: vec![
            records::Count { id: "important".into(), count: 5, ..Default::default() },
            records::Count { id: "major".into(), count: 2, ..Default::default() },
        ],
        by_category: vec![records::Count { count: 3, ..Default::default() }],
        ..Default::default()
    };
    Statistics::new("b03", answer, words)
}

pub(crate) fn followed() -> Followed {
    Followed::from(intake::FollowResponse {
        number: "TS-2026-000012".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        kind: "complaint".into(),
        stage: "handling".into(),
        stage_title: t("正在办理", "Being handled"),
        entries: vec![intake::PublicEntry { at: stamp(-9), text: t("已受理", "Accepted") }],
        may_withdraw: true,
        may_supplement: true,
        received_at: stamp(-60),
        may_chase: true,
        appeals: vec![intake::Choice { id: "review".into(), title: t("复核", "Review") }],
        ratings: vec![intake::Choice { id: "satisfied".into(), title: t("满意", "Satisfied") }],
        others: vec![intake::FollowResponse {
            number: "JB-2026-000001".into(),
            unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
            stage_title: t("已登记", "Registered"),
            ..Default::default()
        }],
        course: vec![
            intake::PublicStage { title: t("登记", "Registered"), is_reached: true },
            intake::PublicStage { title: t("核查", "Looked into"), is_reached: false },
            intake::PublicStage { title: t("告知", "Told"), is_reached: false },
        ],
        open_appeals: vec![intake::OpenAppeal {
            tier: "review".into(),
            title: t("复核", "Review"),
            last_day: "2026-12-15".into(),
            cite: "十".into(),
        }],
        redress: vec![common::Text {
            zh: "可以依法申请行政复议".into(), en: "You may ask for reconsideration".into()
        }],
    })
}

pub(crate) fn receipt() -> Receipt {
    Receipt {
        case_id: "case_1".into(),
        number: "TS-2026-000012".into(),
        receipt_code: "1234567890123456".into(),
        registered_at: Some(now()),
        is_repeat: true,
        twins: vec![Receipt {
            number: "TS-2026-000013".into(),
            receipt_code: "6543210987654321".into(),
            ..Default::default()
        }],
    }
}

fn refused(form: &str) -> Typed {
    Typed::refused(form, &typed_form(), "form-2".into(), problem())
}

fn hand_in(is_desk: bool, typed: Typed) -> HandInView {
    HandInView::new(Door::from(door()), typed, is_desk)
}

fn v(view: &impl serde::Serialize) -> Value {
    to_value(view).unwrap()
}

/// (name, template, whether it is a page of the desk, view).
pub(crate) fn pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    let mut all = public_pages();
    all.extend(desk_pages());
    all.extend(surveys::pages());
    all.extend(records_pages());
    all.extend(publicity::pages());
    all
}

fn public_pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    let error = ErrorView { status: 404, problem: Problem::unknown_case().with_field("x", "错", "wrong") };
    let home = HomeView { doors: vec![Door::from(door())], problem: None };
    let away = HomeView { doors: vec![], problem: Some(problem()) };
    let receipt = ReceiptView {
        receipt: receipt(),
        unit_name: Text::new("翠湖花园管理处", "Cuihu Garden office"),
        is_anonymous: true,
        is_desk: false,
    };
    let followed_view = |case: Followed, refused: &[&'static str]| FollowedView {
        steps: steps(&case.stage),
        case,
        code: "1234567890123456".into(),
        done: Some(Text::new("补充已收到。", "Received.")),
        forms: FORMS
            .into_iter()
            .map(|name| {
                (name, if refused.contains(&name) { self::refused(name) } else { Typed::new(name, "form-1".into()) })
            })
            .collect(),
    };
    vec![
        ("error", "error.html", false, v(&error)),
        ("api", "api.html", false, v(&ApiView::new())),
        ("home", "public/home.html", false, v(&home)),
        ("home-away", "public/home.html", false, v(&away)),
        ("hand-in", "public/hand_in.html", false, v(&hand_in(false, Typed::new("hand-in", "form-1".into())))),
        ("hand-in-refused", "public/hand_in.html", false, v(&hand_in(false, refused("hand-in")))),
        ("receipt", "public/receipt.html", false, v(&receipt)),
        ("receipt-desk", "public/receipt.html", true, v(&ReceiptView { is_desk: true, ..receipt.clone() })),
        ("follow", "public/follow.html", false, v(&AskView { typed: refused("follow") })),
        ("followed", "public/followed.html", false, v(&followed_view(followed(), &[]))),
        (
            "followed-refused",
            "public/followed.html",
            false,
            v(&followed_view(followed(), &["withdraw", "rate", "appeal"])),
        ),
    ]
}

fn desk_pages() -> Vec<(&'static str, &'static str, bool, Value)> {
    let words = &Wordbook::default();
    let request_id = || "form-1".to_owned();
    let mut full = CaseView::new(case(words), request_id);
    full.revealed = vec![Revealed { field: words::identity("phone"), value: "13800001111".into() }];
    full.done = "sign".into();
    let mut refused_case = CaseView::new(Case { texts_closed: Some(problem()), ..case(words) }, request_id);
    refused_case.forms.insert("measure".into(), refused("measure"));
    refused_case.forms.insert("complete-task-task_1".into(), refused("complete-task-task_1"));
    refused_case.refused = Some(refused("sign"));
    let bare = CaseView::new(Case { case_id: "case_1".into(), number: "TS-1".into(), ..Case::default() }, request_id);
    let units = vec![words.name(Shelf::Unit, "b03")];
    let row = records::CaseRow { case_id: "case_1".into(), number: "TS-2026-000012".into(), ..Default::default() };
    let cases = CasesView {
        found: Cases { cases: vec![CaseRow::new(row, words)], next_page_token: "next".into() },
        units: units.clone(),
        typed: Typed::new("cases", String::new()).with("state", "open"),
    };
    let late_rows = clock::clocks(case_clocks(), now()).into_iter().map(|clock| LateRow {
        number: "TS-2026-000012".into(),
        unit: words.name(Shelf::Unit, "b03"),
        clock,
    });
    let late = LateView {
        found: Late { clocks: late_rows.collect(), next_page_token: "next".into() },
        units: units.clone(),
        typed: refused("late"),
    };
    let this_month = Typed::new("statistics", String::new()).with("month", "2026-11").with("unit", "b03");
    let figures = StatisticsView { found: Some(statistics(words)), units, typed: this_month };
    let no_figures = StatisticsView { typed: refused("statistics"), ..Default::default() };
    let mail = Mail::from(notification::Mail {
        mail_id: "m1".into(),
        to: "a@example.org".into(),
        subject: NASTY.into(),
        at: stamp(-1),
    });
    let (forked, parked) = (QueueView { forks: 2, ..QueueView::new(Queue::default(), "") }, parked());
    vec![
        ("sign-in", "desk/sign_in.html", false, v(&SignInView { typed: refused("sign-in") })),
        ("queue", "desk/queue.html", true, v(&QueueView::new(queue(words), ""))),
        ("queue-empty", "desk/queue.html", true, v(&QueueView::new(Queue::default(), "mine"))),
        ("case", "desk/case.html", true, v(&full)),
        ("case-refused", "desk/case.html", true, v(&refused_case)),
        ("joint", "desk/joint.html", true, v(&JointView { joint: joint(words) })),
        ("case-bare", "desk/case.html", true, v(&bare)),
        ("desk-branches", "desk/branches.html", true, v(&BranchView { doors: vec![Door::from(door())] })),
        ("desk-hand-in", "desk/hand_in.html", true, v(&hand_in(true, refused("hand-in")))),
        ("cases", "desk/cases.html", true, v(&cases)),
        ("cases-empty", "desk/cases.html", true, v(&CasesView::default())),
        ("late", "desk/late.html", true, v(&late)),
        ("statistics", "desk/statistics.html", true, v(&figures)),
        ("statistics-none", "desk/statistics.html", true, v(&no_figures)),
        ("duties", "desk/duties.html", true, v(&duties())),
        ("duties-none", "desk/duties.html", true, v(&DutiesView { typed: refused("duties"), ..Default::default() })),
        ("duty", "desk/duty.html", true, v(&duty_page(words, "open"))),
        (
            "duty-refused",
            "desk/duty.html",
            true,
            v(&DutyView { typed: refused("duty"), ..duty_page(words, "overdue") }),
        ),
        ("duty-done", "desk/duty.html", true, v(&duty_page(words, "done"))),
        ("destruction", "desk/destruction.html", true, v(&destruction())),
        ("destruction-none", "desk/destruction.html", true, v(&DestructionView::default())),
        ("mails", "desk/mails.html", true, v(&MailsView { mails: vec![mail.clone()] })),
        ("mail", "desk/mail.html", true, v(&MailView { mail, body: NASTY.into() })),
        ("queue-forked", "desk/queue.html", true, v(&forked)),
        ("parked", "desk/parked.html", true, v(&parked)),
        ("parked-none", "desk/parked.html", true, v(&ParkedView::default())),
    ]
}

fn destruction() -> DestructionView {
    let file = |case_id: &str| records::ProposedDestruction {
        case_id: case_id.into(),
        number: "TS-2023-000012".into(),
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        regime_title: t("投诉处理内部工作程序", "Internal complaint procedure"),
        received_at: stamp(-30_000),
        since: "2026-11-20".into(),
        proposed_at: stamp(-2),
        cite: "二.4".into(),
    };
    let mut files: Vec<File> =
        ["case_1", "case_2"].map(|id| File::new(file(id), "form-1".into())).into_iter().collect();
    if let Some(last) = files.last_mut() {
        last.typed = refused("case_2");
    }
    let done = "refused".to_owned();
    DestructionView { files, next_page_token: "next".into(), done, refused: Some(refused("case_3")) }
}

fn duty_row(state: &str) -> records::DutyRow {
    let done = state == "done";
    records::DutyRow {
        unit_id: "b03".into(),
        unit_name: t("翠湖花园管理处", "Cuihu Garden office"),
        regime_id: "procedure".into(),
        duty: "monthly-statistics".into(),
        title: t("每月投诉统计分析", "Monthly statistics"),
        period: "2026-11-01".into(),
        last_day: "2026-11-30".into(),
        due_at: stamp(if state == "overdue" { -5 } else { 200 }),
        state: state.into(),
        role: t("综合部负责人", "Head of general affairs"),
        to: t("分管经理", "Manager in charge"),
        owners: vec!["王前台".into()],
        cite: "二.4".into(),
        done_at: stamp(-1).filter(|_| done),
        done_by: if done { "王前台".into() } else { String::new() },
        is_on_time: done,
        may_do: !done,
    }
}

pub(crate) fn duties() -> DutiesView {
    let duties = ["open", "overdue", "done"].into_iter().map(|state| Duty::new(duty_row(state), now())).collect();
    DutiesView {
        found: Duties { duties, next_page_token: "next".into() },
        units: vec![Named::new("b03", Text::new("翠湖", "Cuihu"))],
        typed: Typed::new("duties", String::new()).with("unit", "b03"),
    }
}

pub(crate) fn duty_page(words: &Wordbook, state: &str) -> DutyView {
    let axis = records::Axis {
        id: "kind".into(),
        title: t("事项类型", "Kind"),
        counts: vec![records::Count { id: "complaint".into(), count: 3, title: t("投诉", "Complaint") }],
    };
    let ledger = records::DraftLedger {
        id: "chased".into(),
        title: t("催问台账", "Chases"),
        rows: vec![ledger_row()],
        count: 1,
        points: 2,
    };
    let statistics = records::GetStatisticsResponse { received: 3, axes: vec![axis], ..Default::default() };
    let empty = records::DraftLedger { id: "praise".into(), title: t("表彰台账", "Praise"), ..Default::default() };
    let ledgers = vec![ledger, empty];
    let draft = records::DutyDraft { at: stamp(-1), statistics: Some(statistics), ledgers, surveys: surveys::ended() };
    let one = records::GetDutyResponse {
        duty: Some(duty_row(state)),
        draft: Some(draft),
        text: if state == "done" { NASTY.into() } else { String::new() },
        files: if state == "done" { vec!["综〔2026〕4号".into()] } else { vec![] },
        publicity: (state == "done").then(publicity),
    };
    DutyView { one: OneDuty::new(one, words, now()), typed: Typed::new("duty", "form-1".into()) }
}

/// Two keys parked, a service that does not answer, a fork of each kind, and a decision.
fn parked() -> ParkedView {
    let event = |seq, state: &str| log::ParkedEvent {
        producer: "intake".into(),
        seq,
        state: state.into(),
        reason: NASTY.into(),
        parked_at: stamp(-1),
        failures: vec![log::ParkedFailure { reason: NASTY.into(), times: 4, first_at: stamp(-2), last_at: stamp(-1) }],
        ..Default::default()
    };
    let key = |key: &str| Key::new(key.into(), vec![event(7, "failed"), event(9, "behind")]);
    let of = |service: &str, keys: Vec<Key>, problem: Option<Text>| Parked {
        service: service.into(),
        title: words::service(service),
        has_more: !keys.is_empty(),
        keys,
        problem,
    };
    let fork = |kind: &str| {
        let fork = log::Fork { producer: "intake".into(), partition: 3, kind: kind.into(), ..Default::default() };
        Fork::new("triage", log::Fork { seq: 9, hash: vec![7; 32], found_at: stamp(-3), ..fork })
    };
    let decision = log::Decision {
        actor: "operator:li.na".into(),
        what: "skip".into(),
        subject: "case_1 intake/03#7".into(),
        reason: NASTY.into(),
        decided_at: stamp(-4),
        ..Default::default()
    };
    ParkedView {
        forks: vec![fork("behind"), fork("other"), fork("broken")],
        services: vec![
            of("triage", vec![key("case_1"), key("case_2")], None),
            of("records", vec![], Some(Text::new("服务暂时不可用", "Not available"))),
            of("intake", vec![], None),
        ],
        count: 4,
        decisions: vec![Decision::new("triage", decision)],
    }
}
