//! The schemas of the API's answers. A field is written `name: shape`, where a shape is `string`, `integer`,
//! `boolean`, `instant`, a schema's name, a list `[shape]`, or `shape?` for one that may be null.

use serde_json::{Map, Value, json};

/// Every schema by name.
const SCHEMAS: &[(&str, &str)] = &[
    ("Text", "zh: string, en: string"),
    ("Named", "id: string, title: Text"),
    ("FieldProblem", "field: string, message: string"),
    ("Problem", "type: string, title: string, status: integer, detail: string, code: string, fields: [FieldProblem]"),
    ("Nothing", ""),
    ("Value", "value: string"),
    ("SealedFile", "ref_id: string, name: string"),
    ("SealedFiles", "files: [SealedFile]"),
    (
        "Receipt",
        "case_id: string, number: string, receipt_code: string, registered_at: instant?, is_repeat: boolean, \
         twins: [Receipt]",
    ),
    ("PublicEntry", "at: instant?, text: Text"),
    (
        "Followed",
        "number: string, unit_name: Text, kind: string, stage: string, stage_title: Text, entries: [PublicEntry], \
         may_withdraw: boolean, may_supplement: boolean, received_at: instant?, may_chase: boolean, appeals: [Named], ratings: [Named], \
         course: [Stop], open_appeals: [LastAppeal], redress: [Text], others: [Followed]",
    ),
    ("Question", "name: string, title: Text, type: string, words: [Named], cite: string"),
    (
        "Channel",
        "channel: string, title: Text, is_recorded_by_staff: boolean, required_fields: [string], kinds: [string], \
         identity: string, shows: string",
    ),
    ("Withdrawn", "then: string"),
    ("Appealed", "tier: string"),
    (
        "Door",
        "unit_id: string, unit_name: Text, regime_id: string, regime_title: Text, kinds: [Named], channels: [Channel], \
         departments: [Named], questions: [Question], may_be_anonymous: boolean, complainants: [Named], \
         respondents: [Named], apart: [Named], guidance: [Text]",
    ),
    ("Doors", "doors: [Door]"),
    ("Grant", "role: string, unit_id: string"),
    ("Staff", "staff_id: string, login: string, name: string, email: string, is_active: boolean, grants: [Grant]"),
    ("Session", "token: string, expires_at: instant?, staff: Staff?"),
    ("Unit", "unit_id: string, parent_id: string, kind: string, zone: string, is_closed: boolean, name: Text"),
    ("Units", "units: [Unit]"),
    ("Left", "tone: string, symbol: string, word: Text, text: Text"),
    (
        "Clock",
        "case_id: string, clock: string, run: integer, title: Text, state: string, started_at: instant?, \
         due_at: instant?, stopped_at: instant?, is_advisory: boolean, cite: string, left: Left, lines: [Text]",
    ),
    ("Clocks", "clocks: [Clock]"),
    (
        "QueueRow",
        "case_id: string, number: string, unit: Named, severity: Named, state: Named, why: [string], \
         received_at: instant?, clock: Clock?",
    ),
    (
        "Task",
        "task_id: string, case_id: string, number: string, purpose: string, title: Text, ways: [Named], role: string, \
         unit: Named, state: Named, opened_at: instant?, may_complete: boolean, asks_satisfaction: boolean, \
         satisfactions: [Named], parts: [Part]",
    ),
    ("Tasks", "tasks: [Task], next_page_token: string"),
    ("Queue", "cases: [QueueRow], tasks: [Task], missing: [Text]"),
    (
        "CaseRow",
        "case_id: string, number: string, unit: Named, kind: Named, severity: Named, state: Named, \
         received_at: instant?, closed_at: instant?",
    ),
    ("Cases", "cases: [CaseRow], next_page_token: string"),
    ("LateRow", "number: string, unit: Named, clock: Clock"),
    ("Late", "clocks: [LateRow], next_page_token: string"),
    ("Answer", "name: string, title: Text, answer: Text, plain: string"),
    ("SealedText", "ref_id: string, purpose: Named, text: string, at: instant?"),
    ("Texts", "texts: [SealedText]"),
    (
        "Entry",
        "at: instant?, fact: string, text: Text, actor: string, actor_name: string, producer: string, seq: integer, \
         ref_ids: [string], texts: [SealedText]",
    ),
    ("Timeline", "case_id: string, number: string, entries: [Entry]"),
    (
        "Extension",
        "extension_id: string, clock: string, until: string, by: Text, state: Named, approver_role: string, \
         may_rule: boolean",
    ),
    (
        "Suspension",
        "suspension_id: string, clocks: [string], until: string, state: Named, approver_role: string, may_rule: boolean",
    ),
    ("Stage", "id: string, title: Text, state: string, cite: string"),
    (
        "StepForm",
        "step: string, takes: [string], outcomes: [Named], suggested: string, least_staff: integer, \
         needs_credentials: boolean, least: integer, most: integer, currency: string, range: Text, parts: [Part]",
    ),
    ("Part", "id: string, title: Text, cite: string"),
    ("SignOff", "id: string, title: Text, role: Named, tier: integer, asked_by: Named, may_rule: boolean"),
    ("OwedMeasure", "id: string, title: Text, is_done: boolean"),
    ("OpenAppeal", "tier: Named, outcomes: [Named], suggested: string"),
    (
        "Delivery",
        "notice_id: string, way: Named, recipient: string, template: string, document: string, \
         cite: string, state: Named, at: instant?",
    ),
    (
        "Action",
        "id: string, command: string, key: string, title: Text, is_allowed: boolean, missing: [Text], cite: string, version: integer, basis: string",
    ),
    (
        "Version",
        "id: string, regime_id: string, version: integer, title: Text, in_force_from: string, missing: [Text], \
         is_expected: boolean, moves: [ClockMove]?",
    ),
    (
        "ClockMove",
        "clock: string, run: integer, title: Text, state_before: string, state_after: string, due_before: instant?, \
         due_after: instant?, breach: string, cite: string",
    ),
    (
        "Vocabulary",
        "kinds: [Named], categories: [Named], severities: [Named], validities: [Named], grounds: [Named], \
         referrals: [Named], courtesies: [Named], bodies: [Named], departments: [Named], questions: [Question], findings: [Named], measures: [Named]",
    ),
    (
        "GivenOrder",
        "no: integer, order: Named, answer: Text, ground: string, unit: Named, to: string, due: string, \
         is_answered: boolean, may_answer: boolean",
    ),
    ("Ground", "id: string, title: Text, is_suggested: boolean, cite: string"),
    (
        "OrderForm",
        "order: Named, is_dated: boolean, grounds: [Ground], unit: Named, to: string, recipients: [Candidate], \
         has_risen: boolean",
    ),
    (
        "TeamForm",
        "team: Named, least: integer, departments: integer, lead_role: string, candidates: [Candidate], cite: string",
    ),
    ("OtherCase", "case_id: string, number: string, relation: Named, cite: string, received_at: instant?"),
    (
        "LinkedCase",
        "case_id: string, number: string, relation: Named, kind: Named, regime: Named, unit: Named, state: Named, \
         handler: Named, clocks: [Clock]",
    ),
    ("JointEntry", "case_id: string, number: string, at: instant?, fact: string, text: Text, actor_name: string"),
    ("Joint", "case_id: string, number: string, cases: [LinkedCase], entries: [JointEntry], missing: [Text]"),
    ("Candidate", "unit: Named, staff: Named, role: string"),
    (
        "Case",
        "case_id: string, number: string, unit: Named, regime: Named, regime_version: integer, channel: Named, \
         kind: Named, category: Named, severity: Named, validity: Named, stage: Named, handling_unit: Named, \
         handler: Named, slip: string, rung: integer, finding: Named, measures: [Named], satisfaction: string, \
         received_at: instant?, asked_by: string, is_anonymous: boolean, identity_fields: [Named], complainant: Named, \
         respondent: Named, known_as: Named, is_sealed: boolean, linked: [LinkedCase], ledgers: [Named], publicity: Publicity?, alike: [OtherCase], \
         split_kinds: [Named], split_regimes: [Named], facts: [Answer], \
         texts: [SealedText], texts_closed: any, entries: [Entry], clocks: [Clock], extensions: [Extension], \
         suspensions: [Suspension], deliveries: [Delivery], tasks: [Task], guidance: [Text], course: [Stage], \
         round: integer, steps: [StepForm], sign_offs: [SignOff], to_approve: [Named], owed: [OwedMeasure], \
         appeal: OpenAppeal?, accept_parts: [Part], decline_parts: [Part], versions: [Version], actions: [Action], vocabulary: Vocabulary, \
         candidates: [Candidate], orders: [GivenOrder], order_forms: [OrderForm], team_forms: [TeamForm], \
         returned_by: Named, recusals_asked: [Candidate], delegates: [Candidate], staff: [Named], suggested_severity: Named, suggested_cite: string, \
         suggested_ground: string, suggested_ground_cite: string, units: [Named], about_unit: Named, missing: [Text]",
    ),
    (
        "Duty",
        "path: string, unit: Named, title: Text, period: string, last_day: string, due_at: instant?, left: Left, \
         state: Named, role: Text, to: Text, owners: [string], cite: string, done_at: instant?, done_by: string, \
         is_on_time: boolean, may_do: boolean",
    ),
    ("Duties", "duties: [Duty], next_page_token: string"),
    ("DraftAxis", "title: Text, counts: [any]"),
    ("DraftLedger", "title: Text, count: integer, points: integer, rows: [LedgerRow]"),
    ("DraftSurvey", "title: Text, unit: Text, day: string, answered: integer, questions: [DraftAxis]"),
    ("Draft", "at: instant?, figures: [Figure], axes: [DraftAxis], ledgers: [DraftLedger], surveys: [DraftSurvey]"),
    ("OneDuty", "duty: Duty, draft: Draft?, text: string, files: [string], publicity: Publicity?"),
    ("FiguresPublished", "shows: [string]"),
    (
        "WaitingCase",
        "case_id: string, number: string, unit: Named, regime: Text, resolved_at: instant?, missing: [Text], \
         nevers: [Text], cite: string",
    ),
    ("ToPublish", "cases: [WaitingCase], figures: [Duty], next_page_token: string"),
    ("DutyDone", "is_on_time: boolean"),
    (
        "LedgerRow",
        "at: instant?, case_id: string, number: string, subject: Text, cause: Text, points: integer, cite: string, \
         staff_name: string",
    ),
    ("LedgerPage", "ledgers: [Named], title: Text, rows: [LedgerRow], points: integer, next_page_token: string"),
    ("PublishedText", "title: Text, text: Text"),
    ("Published", "at: instant?, unit: Text, texts: [PublishedText]"),
    ("PublishedPage", "published: [Published], next_page_token: string"),
    (
        "Publicity",
        "only_if_asked: boolean, shows: [Named], written: [Named], nevers: [Named], state: string, cite: string",
    ),
    ("Stop", "title: Text, state: string"),
    ("LastAppeal", "tier: Named, last_day: string, cite: string"),
    ("SurveyCount", "answer: Named, count: integer"),
    (
        "SurveyQuestion",
        "id: string, title: Text, type: string, cite: string, choices: [Named], counts: [SurveyCount], texts: [string]",
    ),
    ("Sheet", "title: Text, unit_name: Text, last_day: string, least: integer, questions: [SurveyQuestion]"),
    ("SurveyOffer", "regime_id: string, survey: string, title: Text, unit: Named, cite: string"),
    (
        "Survey",
        "survey_id: string, regime_id: string, survey: string, title: Text, unit: Named, first_day: string, \
         last_day: string, state: Named, closed_on: string, code: string, address: string, may_close: boolean, cite: string",
    ),
    ("Surveys", "offers: [SurveyOffer], surveys: [Survey]"),
    ("OpenedSurvey", "survey_id: string, code: string"),
    (
        "SurveyResults",
        "survey: Survey, answered: integer, least: integer, is_open: boolean, is_shown: boolean, \
         questions: [SurveyQuestion]",
    ),
    ("Figure", "id: string, title: Text, count: integer"),
    ("Rate", "id: string, title: Text, percent: string, part: integer, of: integer, means: Text"),
    ("TableRow", "name: Named, count: integer, share: integer"),
    ("Table", "id: string, title: Text, rows: [TableRow]"),
    ("Statistics", "unit: Named, month: string, figures: [Figure], rates: [Rate], tables: [Table]"),
];

/// The `components.schemas` of the document.
pub(crate) fn schemas() -> Value {
    let mut all: Map<String, Value> =
        SCHEMAS.iter().map(|(name, fields)| ((*name).to_owned(), object(fields))).collect();
    // What a command answers with differs by command and regime.
    all.insert(
        "Done".to_owned(),
        json!({"type": "object", "additionalProperties": {"type": ["string", "boolean", "integer", "array"]}}),
    );
    // The bytes of a file, under the media type that it is of.
    all.insert("File".to_owned(), json!({"type": "string", "contentMediaType": "application/octet-stream"}));
    Value::Object(all)
}

fn object(fields: &str) -> Value {
    let pairs = fields.split(',').filter_map(|field| field.split_once(':'));
    let properties: Map<String, Value> =
        pairs.map(|(name, shape_text)| (name.trim().to_owned(), shape(shape_text.trim()))).collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn shape(text: &str) -> Value {
    if let Some(inner) = text.strip_suffix('?') {
        return json!({"anyOf": [shape(inner), {"type": "null"}]});
    }
    if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return json!({"type": "array", "items": shape(inner)});
    }
    match text {
        "string" | "integer" | "boolean" => json!({"type": text}),
        "instant" => json!({"type": "string", "format": "date-time"}),
        "any" => json!({}),
        name => json!({"$ref": format!("#/components/schemas/{name}")}),
    }
}
