//! What a text from outside must be: short enough, and free of characters that no keyboard writes.

use crate::domain::{pii::Pii, wrong::Wrong};
use kit_core::Problem;

/// The longest narrative, in characters.
pub(crate) const LONG: usize = 20_000;
/// The longest subject, name or reason on one line.
pub(crate) const LINE: usize = 500;

/// Whether line breaks and tabs may stand in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Lines,
    OneLine,
}

/// Notes what is wrong with the text of a field; never the text itself.
pub(crate) fn check(wrong: &mut Wrong, field: &str, text: &str, limit: usize, shape: Shape) {
    // A character has at most four bytes, so most texts need no counting.
    if text.len() > limit {
        let count = text.chars().count();
        if count > limit {
            wrong.add(
                field,
                "text-too-long",
                format!("内容过长:{count} 字,最多 {limit} 字"),
                format!("The text is too long: {count} characters, at most {limit}"),
            );
        }
    }
    let allowed = |c: char| shape == Shape::Lines && matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(|c| c.is_control() && !allowed(c)) {
        wrong.add(
            field,
            "control-characters",
            "内容含有不可见的控制字符,请删除后重试",
            "The text holds control characters; please remove them",
        );
    }
}

/// A text of a command that must say something: a note, a reason, a supplement.
pub(crate) fn required(field: &str, text: String, limit: usize) -> Result<Pii, Problem> {
    let text = Pii::new(text);
    let mut wrong = Wrong::default();
    if text.is_blank() {
        wrong.add(field, "missing-field", "此项必填", "This field is needed");
    }
    check(&mut wrong, field, text.expose(), limit, Shape::Lines);
    wrong.into_result()?;
    Ok(text)
}

/// Whether it looks like one e-mail address: `someone@somewhere.tld`, ASCII or international, nothing around it.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| {
        !c.is_whitespace()
            && !c.is_control()
            && !matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | ':' | '"' | '\\' | '[' | ']' | '@')
    };
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && domain.contains('.')
        && domain.split('.').all(label)
}

/// Whether it looks like a telephone number, with its usual signs and an extension.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let sign = |c: char| {
        c.is_ascii_digit()
            || matches!(c, '+' | '-' | ' ' | '(' | ')' | '（' | '）' | '/' | '转' | '*' | '#' | '.' | 'x')
    };
    (3..=24).contains(&digits) && text.chars().count() <= 40 && text.chars().all(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_reach_somebody_pass_and_others_do_not() {
        for good in ["a@b.cn", "zhang.san+x@mail.example.com", "用户@例子.中国"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.cn",
            "a@",
            "a b@c.cn",
            "a@b..cn",
            "a@-b.cn",
            "A <a@b.cn>",
            "a@b.cn,c@d.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "a@@b.cn",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        for good in ["13800138000", "+86 21-5555 0000", "021-55550000转8", "110"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["", "call me", "12", "1".repeat(30).as_str(), "138\n0013"] {
            assert!(!is_phone(bad), "{bad}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_control_characters_are_named() {
        assert!(required("text", "长".repeat(LONG), LONG).is_ok());
        assert_eq!(required("text", "长".repeat(LONG + 1), LONG).err().unwrap().code, "text-too-long");
        assert_eq!(required("text", "a\u{0}b".to_owned(), LONG).err().unwrap().code, "control-characters");
        assert_eq!(required("text", " \n\t ".to_owned(), LONG).err().unwrap().code, "missing-field");
        assert!(required("text", "一行\r\n\t两行".to_owned(), LONG).is_ok());
        let mut wrong = Wrong::default();
        check(&mut wrong, "name", "张\n三", LINE, Shape::OneLine);
        assert_eq!(wrong.into_result().err().unwrap().code, "control-characters");
    }
}
