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
}

/// One command.
pub(crate) struct Command {
    pub(crate) name: &'static str,
    pub(crate) service: Service,
    pub(crate) about: &'static str,
    pub(crate) fields: &'static [Field],
}

<<<<<<< HEAD
=======
const VERSION: Field = may("version", Kind::Number, "The version the decision was made on; 0 or none skips the check");
const TEXT: Field = must("text", Kind::Text, "Sealed in the vault before the command is given");
const WHOM: Field = may("staff_id", Kind::Text, "Who is meant; empty means the handler");
const REASON: Field = must("text", Kind::Text, "The reason; sealed in the vault");

/// Every command, in the order of a case's life.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "contain",
        about: "Records that ongoing harm has been stopped or lessened",
        fields: &[VERSION, TEXT],
    },
    Command {
        name: "triage",
        about: "Accepts, classifies and grades the case in one step",
        fields: &[
            VERSION,
            may("kind", Kind::Text, "A kind of the regime"),
            may("category", Kind::Text, "A category of the regime"),
            may("about_unit_id", Kind::Text, "The department complained of"),
            may("about_staff_ids", Kind::Texts, "Staff complained of; they never learn of the case"),
            may("facts", Kind::Facts, "Answers to the regime's questions"),
            may("validity", Kind::Text, "A validity of the regime"),
            may("severity", Kind::Text, "Empty takes what the rules give"),
        ],
    },
    Command {
        name: "decline",
        about: "Declines the case on a ground of the regime",
        fields: &[VERSION, must("ground", Kind::Text, "A ground of the regime"), REASON],
    },
    Command {
        name: "regrade",
        about: "Gives the case another severity",
        fields: &[VERSION, must("severity", Kind::Text, "A severity of the regime"), REASON],
    },
    Command {
        name: "judge-validity",
        about: "Judges whether the complaint is valid",
        fields: &[VERSION, must("validity", Kind::Text, "A validity of the regime"), REASON],
    },
    Command {
        name: "dispatch",
        about: "Sends the case to a unit and a person",
        fields: &[
            VERSION,
            must("unit_id", Kind::Text, "Where it goes"),
            may("staff_id", Kind::Text, "Empty picks the holder of the routing role"),
        ],
    },
    Command { name: "sign", about: "Signs for the case", fields: &[VERSION] },
    Command { name: "return", about: "Sends the case back, with the reason", fields: &[VERSION, REASON] },
    Command {
        name: "recuse",
        about: "Takes a person off the case, with the reason",
        fields: &[VERSION, may("staff_id", Kind::Text, "Empty means yourself"), REASON],
    },
    Command {
        name: "rule-dispatch",
        about: "Rules on a case that was returned: it goes back, or to another unit",
        fields: &[
            VERSION,
            must("is_upheld", Kind::Flag, "Whether the unit that returned it must keep it"),
            may("unit_id", Kind::Text, "The other unit"),
            may("staff_id", Kind::Text, "Empty picks the holder of the routing role"),
            may("text", Kind::Text, "The reason; sealed"),
        ],
    },
    Command {
        name: "delegate",
        about: "Names the person of the unit who handles the case",
        fields: &[VERSION, must("staff_id", Kind::Text, "Who handles it")],
    },
    Command {
        name: "ask-recusal",
        about: "Asks that a person step back, with the reason",
        fields: &[VERSION, WHOM, REASON],
    },
    Command {
        name: "rule-recusal",
        about: "Rules on a request that a person step back",
        fields: &[
            VERSION,
            WHOM,
            must("is_granted", Kind::Flag, "Whether they step back"),
            may("text", Kind::Text, "The reason; sealed"),
        ],
    },
    Command {
        name: "form-team",
        about: "Forms a team of the regime; a second forming replaces the first",
        fields: &[
            VERSION,
            must("team", Kind::Text, "A team of the regime"),
            must("staff_ids", Kind::Texts, "Its members"),
            may("lead", Kind::Text, "Empty picks the first who may lead"),
        ],
    },
    Command {
        name: "order",
        about: "Gives an order of the regime, which owes an answer",
        fields: &[
            VERSION,
            must("order", Kind::Text, "An order of the regime"),
            may("ground", Kind::Text, "A ground of the order, where it has any"),
            may("unit_id", Kind::Text, "Empty takes the unit that handles the case"),
            may("staff_ids", Kind::Texts, "Empty takes everybody for whom it is meant"),
            may("due", Kind::Day, "The last day, where the regime wants one"),
            may("text", Kind::Text, "What exactly; sealed"),
        ],
    },
    Command {
        name: "answer-order",
        about: "Answers an order",
        fields: &[
            VERSION,
            may("no", Kind::Number, "The order's number in the case; 0 or none answers the newest"),
            may("text", Kind::Text, "The answer; sealed"),
        ],
    },
    Command {
        name: "escalate",
        about: "Brings the case to the next rung of the ladder",
        fields: &[VERSION, TEXT, may("proposal", Kind::Text, "What is proposed; sealed")],
    },
    Command { name: "note", about: "Adds a note to the file", fields: &[VERSION, TEXT] },
    Command {
        name: "measure",
        about: "Orders measures of the regime",
        fields: &[
            VERSION,
            must("measures", Kind::Texts, "Measures of the regime"),
            may("text", Kind::Text, "What exactly; sealed"),
        ],
    },
    Command {
        name: "decide",
        about: "Proposes a decision",
        fields: &[VERSION, must("finding", Kind::Text, "A finding of the regime"), TEXT],
    },
    Command {
        name: "approve-decision",
        about: "Approves or refuses a proposed decision",
        fields: &[
            VERSION,
            must("is_approved", Kind::Flag, "Whether it stands"),
            may("text", Kind::Text, "The reason; sealed"),
        ],
    },
    Command { name: "answer", about: "Answers the complainant", fields: &[VERSION, TEXT] },
    Command {
        name: "resolve",
        about: "Records that the matter is resolved",
        fields: &[VERSION, may("finding", Kind::Text, "A finding of the regime"), TEXT],
    },
    Command {
        name: "do-step",
        about: "Does a step of the regime's own",
        fields: &[VERSION, must("step", Kind::Text, "The step's id")],
    },
    Command {
        name: "complete-task",
        about: "Records the outcome of a call or a visit",
        fields: &[
            must("task_id", Kind::Text, "The task"),
            must("way", Kind::Text, "How it was tried"),
            must("is_reached", Kind::Flag, "Whether the complainant was reached"),
            may("satisfaction", Kind::Text, "What they said, where the task asks"),
            may("text", Kind::Text, "A record of the talk; sealed"),
        ],
    },
    Command {
        name: "ask-overrun",
        about: "Asks for more time on a clock",
        fields: &[
            VERSION,
            must("clock", Kind::Text, "The clock's name"),
            must("until", Kind::Day, "The new last day"),
            REASON,
        ],
    },
    Command {
        name: "rule-on-overrun",
        about: "Grants or refuses more time",
        fields: &[
            must("extension_id", Kind::Text, "The request"),
            must("is_granted", Kind::Flag, "Whether it is granted"),
        ],
    },
    Command {
        name: "supplement",
        about: "Adds what the complainant said later",
        fields: &[must("text", Kind::Text, "What was added")],
    },
    Command { name: "withdraw", about: "Withdraws the case for the complainant", fields: &[] },
    Command { name: "close", about: "Closes the case", fields: &[VERSION] },
];

>>>>>>> f
/// The command of this name.
pub(crate) fn find(name: &str) -> Result<&'static Command, Problem> {
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| Problem::not_found("unknown-command", "没有这项操作", "There is no such command"))
}

<<<<<<< HEAD
/// The form for an action. What an action is about stands in brackets, as in `order(supervision)`. A word that is no
/// command of ours is a step of the regime where its service asks for one, and else has its place elsewhere on the page.
pub(crate) fn form_of(action: &str, is_step: bool) -> &'static str {
    let word = action.split('(').next().unwrap_or(action);
    match find(word) {
        Ok(command) => command.name,
        Err(_) if is_step => "do-step",
        Err(_) => "elsewhere",
=======
/// The form for an action: a word that is no command of ours is a step of the regime. Some words are done elsewhere on
/// the page and have no form of their own.
pub(crate) fn form_of(action: &str) -> &'static str {
    match action {
        "reveal-identity" | "tell" | "call-back" | "record" | "statistics" => "elsewhere",
        // An act on one object, as in `order(supervision)`, is given by the command of its kind.
        _ => find(action.split('(').next().unwrap_or(action)).map_or("do-step", |command| command.name),
>>>>>>> f
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
<<<<<<< HEAD
        assert_eq!(form_of("sign", false), "sign");
        assert_eq!(form_of("opinion-form-returned", true), "do-step");
        assert_eq!(form_of("reveal-identity", false), "elsewhere");
=======
        assert_eq!(form_of("sign"), "sign");
        assert_eq!(form_of("opinion-form-returned"), "do-step");
        assert_eq!(form_of("reveal-identity"), "elsewhere");
        assert_eq!(form_of("order(supervision)"), "order");
>>>>>>> f
    }

    #[test]
    fn commands_stand_in_the_order_of_a_case_each_with_a_name_of_its_own() {
        assert!(order("triage") < order("dispatch") && order("dispatch") < order("close"));
        assert!(COMMANDS.iter().enumerate().all(|(place, command)| order(command.name) == place));
    }
}
