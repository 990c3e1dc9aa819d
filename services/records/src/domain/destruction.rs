//! What a person decides of a file whose time is over: who may, and until when it is kept otherwise.

use super::{publicity, refusal};
use chrono::{Months, NaiveDate};
use facts::{CaseView, Law};
use kit_core::Problem;
use regime::vocabulary::ADMINISTRATOR;

const ACT: &str = "approve-destruction";
/// What is kept is asked about again so long after.
const AGAIN: Months = Months::new(12);
/// The longest reason, in characters.
const LONGEST: usize = 500;

/// Whether this person decides of the file: whoever the regime lets, or, where it names nobody, an administrator of the unit
/// or of one above it.
pub(crate) fn may_rule(law: &Law, view: &CaseView, staff: &str) -> Result<(), Problem> {
    let regime = law.regime(&view.regime_id, view.regime_version).ok_or_else(Problem::unknown_case)?;
    if !regime.roles_for(ACT).is_empty() {
        return facts::authorise(law, view, staff, ACT);
    }
    if view.excluded.contains(staff) {
        return Err(Problem::unknown_case());
    }
    if law.directory().holds(staff, ADMINISTRATOR, &view.unit_id) {
        return Ok(());
    }
    if !facts::may_read(law, view, staff) {
        return Err(Problem::unknown_case());
    }
    let cite = &regime.records.cite;
    Err(refusal::not_permitted(
        &format!("销毁案卷须由本单位或上级单位的系统管理员决定（{cite}）"),
        &format!("Whether a file is destroyed is for an administrator of its unit or of one above ({cite})"),
    ))
}

/// The day after which a file that is kept is proposed again.
pub(crate) fn again_after(today: NaiveDate) -> NaiveDate {
    today.checked_add_months(AGAIN).unwrap_or(NaiveDate::MAX)
}

/// The reason, which outlives the case and so names nobody.
pub(crate) fn reason(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::field("reason", "missing-field", "请写明理由", "Say why"));
    }
    if text.chars().count() > LONGEST {
        return Err(refusal::too_long("reason", LONGEST));
    }
    if publicity::tells_who(text) {
        let zh = "理由在案卷销毁后仍然保存，不得含有电话、证件号码或邮箱等能识别个人的信息";
        let en = "The reason outlives the file: it must not hold a telephone number, an identity number or an address";
        return Err(Problem::field("reason", "tells-who", zh, en));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_needed_and_names_nobody() {
        assert_eq!(reason(" 已超过保存期限 ").unwrap(), "已超过保存期限");
        assert_eq!(reason(" ").unwrap_err().code, "missing-field");
        assert_eq!(reason("投诉人 13800138000 要求").unwrap_err().code, "tells-who");
        assert_eq!(reason(&"长".repeat(LONGEST + 1)).unwrap_err().code, "too-long");
    }

    #[test]
    fn what_is_kept_is_asked_about_a_year_later() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(again_after(day("2028-02-29")), day("2029-02-28"));
    }
}
