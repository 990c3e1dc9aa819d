//! The commands of the desk: one table says what each takes, for forms, JSON and the API document alike.

pub(crate) mod give;
mod table;

use crate::body::Field;
use kit_core::Problem;
pub(crate) use table::COMMANDS;

/// Who takes a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Intake,
    Triage,
    Assignment,
    Resolution,
    Watcher,
    Notification,
    Records,
}

/// One command.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) service: Service,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
}

/// The command of this name.
pub(crate) fn find(name: &str) -> Result<&'static Command, Problem> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| Problem::not_found("unknown-command", "没有这项操作", "There is no such command"))
}

/// Whether a command is given on a version of what its service said.
pub(crate) fn takes_version(name: &str) -> bool {
    find(name).is_ok_and(|command| command.fields.iter().any(|field| field.name == "version"))
}

/// The form for an action. What an action is about stands in brackets, as in `order(supervision)`. A word that is no
/// command of ours is a step of the regime where its service asks for one, and else has its place elsewhere on the page.
pub(crate) fn form_of(action: &str, is_step: bool) -> &'static str {
    let word = action.split('(').next().unwrap_or(action);
    match find(word) {
        Ok(command) => command.name,
        Err(_) if is_step => "do-step",
        Err(_) => "elsewhere",
    }
}

/// The key of a form on the page of a case: most commands have one form, steps, orders, tasks and requests one each.
pub(crate) fn form_key(command: &str, id: &str) -> String {
    let about = id.split_once('(').map_or(id, |(_, rest)| rest.trim_end_matches(')'));
    match command {
        "do-step" | "order" | "complete-task" | "rule-on-overrun" | "rule-on-suspension" => {
            format!("{command}-{about}")
        }
        _ => command.to_owned(),
    }
}

/// Where a command stands in a case's life.
pub(crate) fn order(name: &str) -> usize {
    COMMANDS.iter().position(|command| command.name == name).unwrap_or(COMMANDS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_finds_its_form_and_a_foreign_word_is_a_step() {
        assert_eq!(form_of("sign", false), "sign");
        assert_eq!(form_of("opinion-form-returned", true), "do-step");
        assert_eq!(form_of("reveal-identity", false), "elsewhere");
        assert_eq!(form_of("order(supervision)", false), "order");
    }

    #[test]
    fn an_order_has_one_form_however_it_is_named() {
        assert_eq!(form_key("order", "order(supervision)"), form_key("order", "supervision"));
        assert_eq!(form_key("sign", "sign"), "sign");
    }

    #[test]
    fn commands_stand_in_the_order_of_a_case_each_with_a_name_of_its_own() {
        assert!(order("triage") < order("dispatch") && order("dispatch") < order("close"));
        assert!(COMMANDS.iter().enumerate().all(|(place, command)| order(command.name) == place));
    }
}
