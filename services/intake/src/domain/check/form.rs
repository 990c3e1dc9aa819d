//! The form: its texts, the identity, what the channel requires, and anonymity.

use crate::domain::{
    check::Door,
    draft::Draft,
    text::{self, LINE, LONG, Shape},
    wrong::Wrong,
};
use regime::vocabulary;

/// Length and characters of every text.
pub(crate) fn texts(wrong: &mut Wrong, draft: &Draft) {
    text::check(wrong, "subject", draft.subject.expose(), LINE, Shape::OneLine);
    text::check(wrong, "narrative", draft.narrative.expose(), LONG, Shape::Lines);
    for (field, value) in draft.identity.fields() {
        text::check(wrong, &format!("identity.{field}"), value.expose(), LINE, Shape::OneLine);
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
    let identity = &draft.identity;
    match name {
        // Whoever stays anonymous leaves nothing to reach them by: the receipt is their way back.
        "contact" | "name" | "phone" | "email" | "address" if draft.is_anonymous => true,
        "contact" => !identity.reach().is_empty(),
        "name" => !identity.name.is_blank(),
        "phone" => !identity.phone.is_blank(),
        "email" => !identity.email.is_blank(),
        "address" => !identity.address.is_blank(),
        "subject" => !draft.subject.is_blank(),
        "narrative" => !draft.narrative.is_blank(),
        "about-unit" => draft.about_unit_id.as_deref().is_some_and(|id| !id.is_empty()),
        "asked-by" => draft.asked_by.as_deref().is_some_and(|day| !day.is_empty()),
        _ => true,
    }
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
        other => other,
    }
}

/// Anonymous means that nothing of who it is comes in at all.
pub(crate) fn anonymity(wrong: &mut Wrong, draft: &Draft, door: &Door) {
    if !draft.is_anonymous {
        return;
    }
    if !door.channel.may_be_anonymous {
        wrong.add(
            "is_anonymous",
            "anonymity-not-allowed",
            "此渠道不接受匿名提交",
            "This channel does not take anonymous hand-ins",
        );
    }
    if !draft.identity.is_empty() {
        wrong.add(
            "identity",
            "anonymous-with-identity",
            "匿名提交不能填写身份或联系方式,请清空后重试",
            "An anonymous hand-in must not say who you are or how to reach you; please clear these fields",
        );
    }
}
