//! Everything that is wrong with a request, collected, so that a person corrects it once and not field by field.

use kit_core::{Problem, Text};

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Wrong(Vec<(&'static str, String, Text)>);

impl Wrong {
    /// Notes one problem of one field.
    pub(crate) fn add(&mut self, field: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.0.push((code, field.to_owned(), Text::new(zh, en)));
    }

    /// Whether something is wrong with this field, or with a part of it.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.0
            .iter()
            .any(|(_, name, _)| name.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    }

    /// Nothing, or one problem that names every field. With one mistake, or with several of one sort, the code is
    /// that mistake's own.
    pub(crate) fn into_result(self) -> Result<(), Problem> {
        let Some((first, _, text)) = self.0.first() else { return Ok(()) };
        let mut problem = if self.0.iter().all(|(code, _, _)| code == first) {
            Problem::invalid(first, text.zh.clone(), text.en.clone())
        } else {
            let count = self.0.len();
            Problem::invalid(
                "invalid-fields",
                format!("有 {count} 处填写不正确,请逐项更正"),
                format!("{count} fields need correction"),
            )
        };
        for (_, field, text) in self.0 {
            problem = problem.with_field(&field, text.zh, text.en);
        }
        Err(problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_mistake_keeps_its_code_and_several_are_all_named() {
        assert_eq!(Wrong::default().into_result(), Ok(()));
        let mut wrong = Wrong::default();
        wrong.add("kind", "unknown-kind", "一", "one");
        let problem = Wrong(wrong.0.clone()).into_result().unwrap_err();
        assert_eq!((problem.code.as_str(), problem.fields.len()), ("unknown-kind", 1));
        wrong.add("subject", "missing", "二", "two");
        let problem = wrong.into_result().unwrap_err();
        assert_eq!((problem.code.as_str(), problem.fields.len()), ("invalid-fields", 2));
    }
}
