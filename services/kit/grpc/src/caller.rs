//! Who calls, and in which language they are answered.

use kit_core::{Class, Problem};
use kit_ids::StaffId;
use tonic::Request;

/// Who calls, as the bearer token says; without one it is the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Staff(StaffId),
    /// Another service of the house, or an installation's own tool.
    Service(String),
    Public,
}

/// What a handler knows of the call beside its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ctx {
    pub caller: Caller,
    /// `zh` or `en`.
    pub language: String,
}

/// What the server layer found out about the call.
pub fn ctx<T>(request: &Request<T>) -> Ctx {
    request.extensions().get::<Ctx>().cloned().unwrap_or_else(Ctx::public)
}

impl Ctx {
    /// A call without a token, answered in Chinese.
    pub fn public() -> Self {
        Self { caller: Caller::Public, language: "zh".to_owned() }
    }

    /// The member of staff who calls.
    ///
    /// # Errors
    /// The caller is not a member of staff.
    pub fn staff(&self) -> Result<StaffId, Problem> {
        match &self.caller {
            Caller::Staff(id) => Ok(*id),
            Caller::Service(_) => {
                Err(Problem::denied("staff-only", "此操作须由工作人员本人进行", "Only a member of staff may do this"))
            }
            Caller::Public => Err(unauthenticated()),
        }
    }

    /// The service that calls.
    ///
    /// # Errors
    /// The caller is not a service of the house.
    pub fn service(&self) -> Result<&str, Problem> {
        match &self.caller {
            Caller::Service(name) => Ok(name),
            Caller::Staff(_) => Err(Problem::denied(
                "service-only",
                "此接口只供系统内部使用",
                "Only a service of the house may call this",
            )),
            Caller::Public => Err(unauthenticated()),
        }
    }

    /// Who acts, as an event names it: `staff_…`, a service's name, or `complainant`.
    pub fn actor(&self) -> String {
        match &self.caller {
            Caller::Staff(id) => id.to_string(),
            Caller::Service(name) => name.clone(),
            Caller::Public => "complainant".to_owned(),
        }
    }
}

fn unauthenticated() -> Problem {
    Problem::new(Class::Unauthenticated, "sign-in-needed", "请先登录", "Please sign in first")
}

/// `en` or `zh`, whichever an `accept-language` header prefers; Chinese where it names neither.
pub(crate) fn preferred_language(header: Option<&str>) -> String {
    let mut best = ("zh", 0.0_f32);
    for item in header.unwrap_or_default().split(',') {
        let mut parts = item.trim().split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
        let known = match tag.split('-').next() {
            Some("zh") => "zh",
            Some("en") => "en",
            _ => continue,
        };
        if weight > best.1 {
            best = (known, weight);
        }
    }
    best.0.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_with_the_highest_weight_wins_and_chinese_is_the_default() {
        for (header, expected) in [
            (None, "zh"),
            (Some("en-GB,zh;q=0.8"), "en"),
            (Some("en;q=0.3, zh-CN;q=0.9"), "zh"),
            (Some("fr, de;q=0.5"), "zh"),
            (Some("\u{0}garbage;q=;;"), "zh"),
        ] {
            assert_eq!(preferred_language(header), expected, "{header:?}");
        }
    }

    #[test]
    fn only_staff_pass_where_staff_are_needed() {
        assert_eq!(Ctx::public().staff().unwrap_err().class, Class::Unauthenticated);
        let service = Ctx { caller: Caller::Service("triage".to_owned()), language: "zh".to_owned() };
        assert_eq!(service.staff().unwrap_err().class, Class::Denied);
        assert_eq!(service.service().unwrap(), "triage");
        assert_eq!(Ctx::public().actor(), "complainant");
    }
}
