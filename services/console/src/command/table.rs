//! The table of commands, in the order of a case's life.

use super::{Command, Service};
use crate::body::{Field, Kind, may, must};
use Service::{Assignment, Intake, Notification, Records, Resolution, Triage, Watcher};

const fn act(name: &'static str, service: Service, about: &'static str, fields: &'static [Field]) -> Command {
    Command { name, service, about, fields }
}

const VERSION: Field = may("version", Kind::Number, "The version the decision was made on; 0 or none skips the check");
const TEXT: Field = must("text", Kind::Text, "Sealed in the vault before the command is given");
const SAID: Field = may("text", Kind::Text, "What is to be said about it; sealed");
const WHOM: Field = may("staff_id", Kind::Text, "Who is meant; empty means the handler");
const REASON: Field = must("text", Kind::Text, "The reason; sealed in the vault");
const WHY: Field = may("text", Kind::Text, "The reason; sealed in the vault");
const PARTS: Field = may("parts", Kind::Parts, "What the regime wants it to hold, by part; each sealed in the vault");
const CLOCK: Field = must("clock", Kind::Text, "The clock's name");

/// Every command.
pub(crate) const COMMANDS: &[Command] = &[
    act(
        "answer-at-once",
        Intake,
        "Answers on the spot, so that nothing more is needed",
        &[may("way", Kind::Text, "How; in person where none is given"), TEXT],
    ),
    act(
        "verify-identity",
        Intake,
        "Records that proof of who the complainant is was seen",
        &[may("way", Kind::Text, "What was seen; in person where none is given")],
    ),
    act("contain", Triage, "Records that ongoing harm has been stopped or lessened", &[VERSION, TEXT]),
    act(
        "triage",
        Triage,
        "Classifies and grades the case; accepts it in the same step where nothing has to come between",
        &[
            VERSION,
            may("kind", Kind::Text, "A kind of the regime"),
            may("category", Kind::Text, "A category of the regime"),
            may("about_unit_id", Kind::Text, "The department complained of"),
            may("about_staff_ids", Kind::Texts, "Staff complained of; they never learn of the case"),
            may("facts", Kind::Facts, "Answers to the regime's questions"),
            may("validity", Kind::Text, "A validity of the regime"),
            may("severity", Kind::Text, "Empty takes what the rules give"),
        ],
    ),
    act(
        "accept",
        Triage,
        "Accepts the case",
        &[VERSION, PARTS, may("is_courtesy", Kind::Flag, "Out of scope, and taken all the same")],
    ),
    act(
        "decline",
        Triage,
        "Declines the case on a ground of the regime",
        &[VERSION, must("ground", Kind::Text, "A ground of the regime"), REASON, PARTS],
    ),
    act(
        "refer",
        Triage,
        "Refers the case to a body outside, or to another unit",
        &[
            VERSION,
            must("ground", Kind::Text, "A ground of the regime"),
            may("body", Kind::Text, "A body outside; empty takes the one that the regime names"),
            may("unit_id", Kind::Text, "A unit of ours instead"),
            REASON,
        ],
    ),
    act(
        "report-back",
        Triage,
        "Records what came of a matter that was referred",
        &[VERSION, may("ground", Kind::Text, "Empty takes the ground it was referred on"), TEXT],
    ),
    act(
        "state",
        Triage,
        "States or corrects facts of the case",
        &[VERSION, must("facts", Kind::Facts, "Answers to the regime's questions")],
    ),
    act(
        "regrade",
        Triage,
        "Gives the case another severity",
        &[VERSION, must("severity", Kind::Text, "A severity of the regime"), REASON],
    ),
    act(
        "move-to-version",
        Triage,
        "Moves the case to another version of its regime, or to another regime of its unit",
        &[VERSION, must("to", Kind::Text, "The number of a version of its regime, or `regime@2`"), REASON],
    ),
    act(
        "judge-validity",
        Triage,
        "Judges whether the complaint is valid",
        &[VERSION, must("validity", Kind::Text, "A validity of the regime"), REASON],
    ),
    act(
        "dispatch",
        Assignment,
        "Sends the case to a unit and a person",
        &[
            VERSION,
            must("unit_id", Kind::Text, "Where it goes"),
            may("staff_id", Kind::Text, "Empty picks the holder of the routing role"),
        ],
    ),
    act("sign", Assignment, "Signs for the case", &[VERSION]),
    act("return", Assignment, "Sends the case back, with the reason", &[VERSION, REASON]),
    act(
        "recuse",
        Assignment,
        "Takes a person off the case, with the reason",
        &[VERSION, may("staff_id", Kind::Text, "Empty means yourself"), REASON],
    ),
    act(
        "rule-dispatch",
        Assignment,
        "Rules on a case that was returned: it goes back, or to another unit",
        &[
            VERSION,
            must("is_upheld", Kind::Flag, "Whether the unit that returned it must keep it"),
            may("unit_id", Kind::Text, "The other unit"),
            may("staff_id", Kind::Text, "Empty picks the holder of the routing role"),
            WHY,
        ],
    ),
    act(
        "delegate",
        Assignment,
        "Names the person of the unit who handles the case",
        &[VERSION, must("staff_id", Kind::Text, "Who handles it")],
    ),
    act("ask-recusal", Assignment, "Asks that a person step back, with the reason", &[VERSION, WHOM, REASON]),
    act(
        "rule-recusal",
        Assignment,
        "Rules on a request that a person step back",
        &[VERSION, WHOM, must("is_granted", Kind::Flag, "Whether they step back"), WHY],
    ),
    act(
        "form-team",
        Assignment,
        "Forms a team of the regime; a second forming replaces the first",
        &[
            VERSION,
            must("team", Kind::Text, "A team of the regime"),
            must("staff_ids", Kind::Texts, "Its members"),
            may("lead", Kind::Text, "Empty picks the first who may lead"),
        ],
    ),
    act(
        "order",
        Assignment,
        "Gives an order of the regime, which owes an answer",
        &[
            VERSION,
            must("order", Kind::Text, "An order of the regime"),
            may("ground", Kind::Text, "A ground of the order, where it has any"),
            may("unit_id", Kind::Text, "Empty takes the unit that handles the case"),
            may("staff_ids", Kind::Texts, "Empty takes everybody for whom it is meant"),
            may("due", Kind::Day, "The last day, where the regime wants one"),
            may("text", Kind::Text, "What exactly; sealed"),
        ],
    ),
    act(
        "answer-order",
        Assignment,
        "Answers an order",
        &[
            VERSION,
            may("no", Kind::Number, "The order's number in the case; 0 or none answers the newest"),
            may("text", Kind::Text, "The answer; sealed"),
        ],
    ),
    act(
        "escalate",
        Assignment,
        "Brings the case to the next rung of the ladder",
        &[VERSION, TEXT, may("proposal", Kind::Text, "What is proposed; sealed")],
    ),
    act("note", Resolution, "Adds a note to the file", &[VERSION, TEXT]),
    act(
        "do-step",
        Resolution,
        "Does a step of the regime's own, with what the step asks for",
        &[
            VERSION,
            must("step", Kind::Text, "The step's id"),
            may("outcome", Kind::Text, "An outcome of the step, where it has any"),
            may("on_date", Kind::Day, "The day on which it was done; today where none is given"),
            may("amount", Kind::Number, "In the smallest unit of the currency"),
            may("staff_ids", Kind::Texts, "Who took part"),
            may("credentials_shown", Kind::Flag, "That they showed who they are"),
            may("text", Kind::Text, "What was done, found or handed over; sealed"),
            may("files", Kind::Texts, "References of files that were sealed before"),
        ],
    ),
    act(
        "measure",
        Resolution,
        "Orders measures of the regime",
        &[
            VERSION,
            must("measures", Kind::Texts, "Measures of the regime"),
            may("text", Kind::Text, "What exactly; sealed"),
        ],
    ),
    act(
        "carry-out",
        Resolution,
        "Records that a measure was carried out",
        &[VERSION, must("measure", Kind::Text, "A measure that is owed"), SAID],
    ),
    act(
        "check-measure",
        Resolution,
        "Records whether a measure that was carried out will do",
        &[
            VERSION,
            must("measure", Kind::Text, "A measure that was carried out"),
            must("is_satisfactory", Kind::Flag, "False: it is owed again"),
            SAID,
        ],
    ),
    act(
        "decide",
        Resolution,
        "Proposes a decision",
        &[VERSION, must("finding", Kind::Text, "A finding of the regime"), TEXT],
    ),
    act(
        "approve-decision",
        Resolution,
        "Approves or refuses a proposed decision",
        &[VERSION, must("is_approved", Kind::Flag, "Whether it stands"), WHY],
    ),
    act(
        "ask-approval",
        Resolution,
        "Lays an act before whoever has to sign off on it",
        &[VERSION, must("act", Kind::Text, "The act that wants a sign-off"), SAID],
    ),
    act(
        "approve",
        Resolution,
        "Signs off on an act, or refuses to",
        &[
            VERSION,
            must("act", Kind::Text, "The act that waits"),
            must("is_given", Kind::Flag, "Whether it is approved"),
            may("text", Kind::Text, "The reason, needed where it is refused; sealed"),
        ],
    ),
    act("answer", Resolution, "Answers the complainant", &[VERSION, TEXT]),
    act(
        "resolve",
        Resolution,
        "Records that the matter is resolved",
        &[VERSION, may("finding", Kind::Text, "A finding of the regime"), TEXT],
    ),
    act(
        "tell",
        Resolution,
        "Records that the complainant was told the result",
        &[VERSION, must("way", Kind::Text, "How they were told, such as `call` or `letter`"), SAID, PARTS],
    ),
    act(
        "complete-task",
        Notification,
        "Records the outcome of a call or a visit",
        &[
            must("task_id", Kind::Text, "The task"),
            must("way", Kind::Text, "How it was tried"),
            must("is_reached", Kind::Flag, "Whether the complainant was reached"),
            may("satisfaction", Kind::Text, "What they said, where the task asks"),
            may("text", Kind::Text, "A record of the talk; sealed"),
            PARTS,
        ],
    ),
    act(
        "decide-appeal",
        Resolution,
        "Decides an appeal",
        &[
            VERSION,
            must("tier", Kind::Text, "The tier of the appeal"),
            may("outcome", Kind::Text, "An outcome of the tier, where it has any"),
            TEXT,
            PARTS,
        ],
    ),
    act(
        "ask-overrun",
        Watcher,
        "Asks for more time on a clock that has run out",
        &[VERSION, CLOCK, must("until", Kind::Day, "The new last day"), REASON],
    ),
    act(
        "ask-extension",
        Watcher,
        "Asks for more time on a clock",
        &[VERSION, CLOCK, may("until", Kind::Day, "The new last day; none asks for what the regime gives"), REASON],
    ),
    act(
        "rule-on-overrun",
        Watcher,
        "Grants or refuses more time",
        &[must("extension_id", Kind::Text, "The request"), must("is_granted", Kind::Flag, "Whether it is granted")],
    ),
    act(
        "ask-suspension",
        Watcher,
        "Asks that clocks stand still",
        &[
            VERSION,
            may("clocks", Kind::Texts, "None: every clock that may be suspended"),
            may("until", Kind::Day, "The last day on which they stand still"),
            REASON,
        ],
    ),
    act(
        "rule-on-suspension",
        Watcher,
        "Grants or refuses a suspension",
        &[must("suspension_id", Kind::Text, "The request"), must("is_granted", Kind::Flag, "Whether it is granted")],
    ),
    act(
        "end-suspension",
        Watcher,
        "Lets the clocks run again",
        &[must("suspension_id", Kind::Text, "The suspension in force")],
    ),
    act(
        "set-date",
        Watcher,
        "Sets the last day of a clock whose length a person names",
        &[VERSION, CLOCK, must("date", Kind::Day, "The last day")],
    ),
    act(
        "appeal",
        Intake,
        "Lodges an appeal for whoever asks for it",
        &[
            may("tier", Kind::Text, "A tier of the regime; empty takes the one that is open"),
            may("by", Kind::Text, "`complainant` (or empty), `respondent` or `handler`"),
            may("reasons", Kind::Text, "Why; sealed"),
            may("request", Kind::Text, "What is asked for; sealed"),
        ],
    ),
    act("ask-complainant", Intake, "Asks the complainant for something more", &[TEXT]),
    act("chase", Intake, "Records that the complainant asked when it will be done", &[SAID]),
    act(
        "link",
        Intake,
        "Links two cases that have to do with each other",
        &[
            must("other_case_id", Kind::Text, "The other case, by its id or its number"),
            must("relation", Kind::Text, "`repeat`, `over-level`, `same-report`, `twin`, `lead` or `related`"),
        ],
    ),
    act(
        "merge",
        Intake,
        "Makes the case a part of an older one, which goes on for both",
        &[must("into_case_id", Kind::Text, "The older case, by its id or its number")],
    ),
    act(
        "split",
        Intake,
        "Makes a case of its own of what in the matter is of another kind",
        &[
            must("kind", Kind::Text, "A kind that the unit takes"),
            may("regime_id", Kind::Text, "The regime, where several take the kind; empty picks it as at hand-in"),
            must("reason", Kind::Text, "Why; sealed"),
        ],
    ),
    act("supplement", Intake, "Adds what the complainant said later", &[must("text", Kind::Text, "What was added")]),
    act("withdraw", Intake, "Withdraws the case for the complainant", &[]),
    act(
        "enter",
        Records,
        "Enters the case into a ledger by hand",
        &[
            must("ledger", Kind::Text, "A ledger of the regime"),
            may("points", Kind::Number, "Points, where the ledger counts them"),
            SAID,
        ],
    ),
    act(
        "publish",
        Records,
        "Shows the case to the public, as the regime lets",
        &[
            may("nevers", Kind::Texts, "Those of the regime's bars that are the case; any of them forbids it"),
            may("texts", Kind::Parts, "What is written for the public, by what it is"),
        ],
    ),
    act("withhold", Records, "Keeps the case from the public, with the reason", &[REASON]),
    act("close", Resolution, "Closes the case", &[VERSION]),
];
