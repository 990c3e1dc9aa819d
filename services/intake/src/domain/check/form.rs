//! The form: its texts, the identity, what the channel requires, and anonymity.

use crate::domain::{
    check::Door,
    draft::{Draft, FORM_FIELDS},
    text::{self, LINE, LONG, Shape},
    wrong::Wrong,
};
use regime::{says_enough, vocabulary};

/// The longest text of one field of the form, in characters.
const FORM: usize = 5_000;
/// What tells who the complainant is.
const IDENTITY: [&str; 7] = ["contact", "name", "phone", "email", "address", "agent-name", "agent-contact"];

/// Length and characters of every text.
pub(crate) fn texts(wrong: &mut Wrong, draft: &Draft) {
    text::check(wrong, "subject", draft.subject.expose(), LINE, Shape::OneLine);
    text::check(wrong, "narrative", draft.narrative.expose(), LONG, Shape::Lines);
    for (name, value) in draft.identity_texts() {
        text::check(wrong, field_of(name), value.expose(), LINE, Shape::OneLine);
    }
    for (name, value) in draft.more_texts() {
        let (limit, shape) = if name.starts_with("respondent") { (LINE, Shape::OneLine) } else { (FORM, Shape::Lines) };
        text::check(wrong, field_of(name), value.expose(), limit, shape);
    }
    for (name, _) in draft.form.iter().filter(|(name, _)| !FORM_FIELDS.contains(&name.as_str())) {
        let known = FORM_FIELDS.join(", ");
        let name: String = name.chars().take(60).collect();
        let (zh, en) =
            (format!("表单没有这一栏；可用：{known}"), format!("The form has no such field; there are: {known}"));
        wrong.add(&format!("form.{name}"), "unknown-field", zh, en);
    }
}

/// Addresses that can be addresses.
pub(crate) fn identity(wrong: &mut Wrong, draft: &Draft) {
    let identity = &draft.identity;
    if !identity.email.is_blank() && !text::is_email(identity.email.expose().trim()) {
        wrong.add("identity.email", "malformed-email", "电子邮箱格式不正确", "This is not an e-mail address");
    }
    if !identity.phone.is_blank() && !text::is_phone(identity.phone.expose().trim()) {
        wrong.add("identity.phone", "malformed-phone", "电话号码格式不正确", "This is not a telephone number");
    }
}

/// What the channel's form must not leave empty.
pub(crate) fn required(wrong: &mut Wrong, draft: &Draft, door: &Door) {
    for name in &door.channel.requires {
        if is_given(draft, name) {
            continue;
        }
        let title = vocabulary::term(vocabulary::FIELDS, name).map(vocabulary::Term::title).unwrap_or_default();
        wrong.add(
            field_of(name),
            "missing-field",
            format!("“{}”必填", title.zh),
            format!("\u{201c}{}\u{201d} is needed", title.en),
        );
    }
}

fn is_given(draft: &Draft, name: &str) -> bool {
    // Whoever stays anonymous leaves nothing to reach them by: the receipt is their way back.
    draft.is_anonymous && IDENTITY.contains(&name) || draft.is_filled(name)
}

/// The request's own name of a form field.
fn field_of(name: &str) -> &str {
    match name {
        "contact" => "identity",
        "name" => "identity.name",
        "phone" => "identity.phone",
        "email" => "identity.email",
        "address" => "identity.address",
        "about-unit" => "about_unit_id",
        "asked-by" => "asked_by",
        "respondent-name" => "respondent.name",
        "respondent-address" => "respondent.address",
        "respondent-contact" => "respondent.contact",
        "agent-name" => "agent.name",
        "agent-contact" => "agent.contact",
        "place" => "form.place",
        "time" => "form.time",
        "persons" => "form.persons",
        "evidence" => "form.evidence",
        "request" => "form.request",
        "reasons" => "form.reasons",
        "channel-used" => "form.channel-used",
        other => other,
    }
}

/// The complainant says as much of themselves as the door asks for, and as they meant to. Anonymous means that nothing of
/// who it is comes in at all.
pub(crate) fn anonymity(wrong: &mut Wrong, draft: &Draft, door: &Door) {
    if draft.is_anonymous && draft.identity_texts().iter().any(|(_, text)| !text.is_blank()) {
        wrong.add(
            "identity",
            "anonymous-with-identity",
            "匿名提交不能填写身份或联系方式,请清空后重试",
            "An anonymous hand-in must not say who you are or how to reach you; please clear these fields",
        );
    }
    let mode = draft.identity_mode.as_str();
    if !mode.is_empty() && !vocabulary::IDENTITIES.contains(&mode) {
        let known = vocabulary::IDENTITIES.join(", ");
        let (zh, en) = (format!("身份方式须为 {known} 之一"), format!("The mode is one of {known}"));
        return wrong.add("identity_mode", "unknown-word", zh, en);
    }
    // Proof is seen after it came in, so a name is all that can be asked for here.
    let asked = |least: &'static str| if least == "real-name" { "named" } else { least };
    let least = vocabulary::IDENTITIES.iter().find(|one| **one == door.channel.identity).copied().unwrap_or("contact");
    let meant = vocabulary::IDENTITIES.iter().find(|one| **one == mode).copied().unwrap_or("anonymous");
    let known = draft.known_as();
    if wrong.names("identity") {
        return;
    }
    let field = if draft.is_anonymous { "is_anonymous" } else { "identity" };
    if !says_enough(known, asked(least)) {
        let (zh, en) = match asked(least) {
            "named" => ("此渠道须署名", "This channel takes nothing without a name"),
            _ => (
                "此渠道不接受匿名提交，须留下联系方式",
                "This channel takes nothing anonymous; leave a way to reach you",
            ),
        };
        let cite = &door.channel.cite;
        wrong.add(field, "identity-too-weak", format!("{zh}（{cite}）"), format!("{en} ({cite})"));
    } else if !says_enough(known, asked(meant)) {
        let field = if asked(meant) == "named" { "identity.name" } else { "identity" };
        wrong.add(field, "missing-field", "须填写身份信息", "Say who you are or how to reach you");
    }
}
