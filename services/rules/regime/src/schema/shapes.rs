//! Every map of the pack language: its fields, what each is, and which must be there. The nouns are those with which
//! the reader names a map in its messages.

/// What a field is.
pub(crate) enum Is {
    Word,
    /// One or several.
    Words,
    Flag,
    /// Both languages.
    Text,
    /// One or several of those.
    Texts,
    One(&'static [&'static str]),
    /// One or several of these.
    Some(&'static [&'static str]),
    /// A map of this noun.
    Rule(&'static str),
    /// One or several.
    Rules(&'static str),
    /// By names that the author chooses.
    Named(&'static str),
    /// Words by names that the author chooses.
    Pairs,
    WordsOrRules(&'static str),
}

/// A field: its name, what it is, whether it must be there.
pub(crate) struct Field(pub(crate) &'static str, pub(crate) Is, pub(crate) bool);

/// A map.
pub(crate) struct Shape {
    pub(crate) noun: &'static str,
    pub(crate) fields: &'static [Field],
    /// Where one of several sets of fields must be there.
    pub(crate) either: &'static [&'static [&'static str]],
}

const fn must(name: &'static str, is: Is) -> Field {
    Field(name, is, true)
}

const fn may(name: &'static str, is: Is) -> Field {
    Field(name, is, false)
}

macro_rules! shapes {
    ($( $noun:literal $(either [$($either:expr),*])? => [ $($field:expr),* $(,)? ] )*) => {
        /// All of them.
        pub(crate) const SHAPES: &[Shape] = &[ $( Shape {
            noun: $noun, fields: &[ $($field),* ], either: &[ $($($either),*)? ],
        } ),* ];
    };
}

const CHANNELS: &[&str] = &[
    "web",
    "phone",
    "walk-in",
    "letter",
    "email",
    "box",
    "wechat",
    "transfer",
    "fax",
    "sms",
    "official-account",
    "platform",
    "association",
    "callback",
];
const FIELDS: &[&str] = &[
    "contact",
    "name",
    "phone",
    "email",
    "address",
    "subject",
    "narrative",
    "about-unit",
    "asked-by",
    "respondent-name",
    "respondent-address",
    "respondent-contact",
    "agent-name",
    "agent-contact",
    "place",
    "time",
    "persons",
    "evidence",
    "request",
    "reasons",
    "channel-used",
];
const MEASURES: &[&str] = &["remedy", "person", "unit", "operator", "process"];
const PARTS: &[&str] = &["process", "time", "reasons", "course", "remedies", "other-ways", "redress", "explanation"];
const AGAINST: &[&str] = &["handler", "first-contact", "unit"];
const OFFICE: &[&str] = &["open", "break", "closed", "day-off"];
const WHITHER: &[&str] = &["department-complained-of", "branch", "above", "chosen", "competent"];
const RECUSED: &[&str] =
    &["accused", "accused-unit", "above-accused", "declared-interest", "on-request", "handled-before"];
const IDENTITIES: &[&str] = crate::vocabulary::IDENTITIES;
const REPEATS: &[&str] = &["chase", "repeat", "over-level", "same-report", "twin", "lead", "related"];
const SHOWN: &[&str] = &["narrative", "result", "announcement", "respondent", "category", "kind", "unit", "finding"];
const TASKS: &[&str] = &["call", "visit"];

shapes! {
    "pack" => [
        must("regime", Is::Word), must("title", Is::Text), may("source", Is::Word), may("in-force", Is::Rule("day in force")), may("upkeep", Is::Rule("upkeep")),
        must("calendar", Is::Word), may("counting", Is::Rule("manner of counting")), may("parameters", Is::Named("parameter")),
        must("words", Is::Rule("vocabulary")), must("numbering", Is::Word), may("course", Is::Rules("stage")),
        may("steps", Is::Named("step")), may("apart", Is::Rules("separation of duties")),
        may("teams", Is::Named("team")), may("orders", Is::Named("order")), may("answers", Is::Rules("form of an answer")),
        may("appeals", Is::Rules("appeal")), may("redress", Is::Rules("way of redress")), may("effects", Is::Rules("effect")),
        must("channels", Is::Rules("channel")),
        may("splitting", Is::Rules("rule of splitting")), may("repeats", Is::Rules("rule of repetition")), may("withdrawal", Is::Rules("rule of withdrawal")), may("rating", Is::Rule("rating")),
        may("scope", Is::Rules("ground")), may("grading", Is::Rules("grading rule")), may("routing", Is::Rules("route")),
        may("recusal", Is::Rules("recusal")), may("ladder", Is::Rules("rung")), may("guards", Is::Rules("guard")),
        may("approvals", Is::Rules("approval")), may("clocks", Is::Named("clock")), may("breaches", Is::Named("breach")), may("notices", Is::Rules("notice")),
        may("templates", Is::Named("template")), may("callbacks", Is::Rules("callback")), may("surveys", Is::Named("survey")),
        must("records", Is::Rule("section on records")), may("guidance", Is::Rules("guidance")), must("who", Is::Rules("permission")),
    ]
    "day in force" => [
        must("from", Is::Word), may("to", Is::Word), may("pending", Is::One(&["version-of-reception", "moved-by-decision"])),
        may("cite", Is::Word),
    ]
    "upkeep" => [
        may("interprets", Is::Word), may("amends", Is::Word), may("consults", Is::Words), may("approves", Is::Word),
        must("cite", Is::Word),
    ]
    "manner of counting" => [
        may("roll", Is::One(&["weekends-and-holidays", "holidays", "none"])), may("ends", Is::One(&["midnight", "close"])),
        must("cite", Is::Word),
    ]
    "parameter" => [
        may("default", Is::Word), may("blank", Is::Flag), may("one-of", Is::Words), may("such-as", Is::Word),
        may("reads", Is::Word), must("cite", Is::Word),
    ]
    "vocabulary" => [
        must("kinds", Is::Named("kind")), may("categories", Is::Named("category")), may("severities", Is::Named("severity")),
        may("validity", Is::Named("validity")), may("facts", Is::Named("fact")), may("findings", Is::Named("finding")),
        may("measures", Is::Named("measure")), may("complainants", Is::Named("complainant")),
        may("respondents", Is::Named("respondent")), may("bodies", Is::Named("body")), must("roles", Is::Named("role")),
        may("satisfaction", Is::Named("satisfaction")), may("forms", Is::Named("form")),
    ]
    "kind" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "category" => [
        must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("under", Is::Word), may("cite", Is::Word),
    ]
    "complainant" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "respondent" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "body" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "severity" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "validity" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "finding" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "measure" => [
        must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("for", Is::One(MEASURES)),
        may("tracked", Is::Flag), may("cite", Is::Word),
    ]
    "role" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "satisfaction" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "form" => [
        must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("fields", Is::Words), may("cite", Is::Word),
    ]
    "ledger" => [
        must("zh", Is::Word), must("en", Is::Word), may("on", Is::Words), may("if", Is::Word),
        must("of", Is::One(&["complainant", "respondent", "unit", "staff", "problem"])), must("cite", Is::Word),
    ]
    "order" => [
        must("zh", Is::Word), must("en", Is::Word), must("to", Is::WordsOrRules("addressee")), must("answer", Is::Text),
        may("grounds", Is::Named("outcome")), may("due", Is::One(&["set"])), may("on-duty", Is::Flag),
        must("cite", Is::Word),
    ]
    "addressee" => [
        may("if", Is::Word), may("during", Is::Some(OFFICE)), must("role", Is::Word),
        may("cite", Is::Word),
    ]
    "team" => [
        must("zh", Is::Word), must("en", Is::Word), may("least", Is::Word), may("of", Is::Words), may("lead", Is::Word),
        may("departments", Is::Word), must("cite", Is::Word),
    ]
    "stage" => [
        must("stage", Is::Word), must("zh", Is::Word), must("en", Is::Word), must("reached", Is::Words), may("if", Is::Word),
        may("loose", Is::Flag), must("cite", Is::Word),
    ]
    "step" => [
        may("zh", Is::Word), may("en", Is::Word), may("if", Is::Word), may("say", Is::Text),
        may("takes", Is::Some(&["text", "files", "date", "staff", "amount", "form"])), may("staff", Is::Word),
        may("credentials", Is::Flag), may("outcomes", Is::Named("outcome")),
        may("of", Is::One(&["complainant", "respondent", "outside"])), may("again", Is::Flag), may("form", Is::Word),
        may("amount", Is::Rule("amount")), must("cite", Is::Word),
    ]
    "outcome" => [
        must("zh", Is::Word), must("en", Is::Word), may("if", Is::Word), may("only", Is::Flag), may("cite", Is::Word),
    ]
    "amount" => [may("from", Is::Word), may("to", Is::Word), must("currency", Is::Word), may("note", Is::Text)]
    "separation of duties" => [must("acts", Is::Words), may("if", Is::Word), must("cite", Is::Word)]
    "form of an answer" => [
        must("of", Is::Word), may("if", Is::Word), may("in", Is::Some(&["written", "oral"])), may("holds", Is::Some(PARTS)),
        must("cite", Is::Word),
    ]
    "effect" either [&["climb"], &["order"], &["do"], &["reopen"], &["end"], &["open"], &["tell"], &["assess"], &["enter"]] => [must("on", Is::Words), may("if", Is::Word), may("climb", Is::Word), may("order", Is::Word), may("do", Is::Word), may("reopen", Is::Word), may("end", Is::Word),
        may("open", Is::Word), may("regime", Is::Word), may("tell", Is::Words), may("send", Is::Word), may("assess", Is::Word),
        may("points", Is::Word), may("against", Is::One(AGAINST)), may("enter", Is::Word), must("cite", Is::Word)]
    "choice" => [must("zh", Is::Word), must("en", Is::Word), may("meaning", Is::Text), may("cite", Is::Word)]
    "fact" => [
        must("type", Is::One(&["flag", "number", "word"])), must("zh", Is::Word), must("en", Is::Word),
        may("words", Is::Named("choice")), must("default", Is::Word), must("asked", Is::Some(&["hand-in", "triage", "handling"])),
        may("cite", Is::Word),
    ]
    "channel" either [&["recorded-by"], &["open"]] => [
        must("channel", Is::Some(CHANNELS)), may("for", Is::Words), may("recorded-by", Is::Words), may("open", Is::Flag),
        may("requires", Is::Some(FIELDS)), may("identity", Is::One(IDENTITIES)), may("sealed", Is::Flag),
        may("shows", Is::Word), may("receipt", Is::Flag), may("form", Is::Word), must("cite", Is::Word),
    ]
    "rule of splitting" => [must("kinds", Is::Words), may("regime", Is::Pairs), must("cite", Is::Word)]
    "rule of repetition" => [
        must("is", Is::One(REPEATS)), must("same", Is::Some(&["complainant", "respondent", "problem"])),
        must("while", Is::One(&["open", "answered", "any"])), may("within", Is::Word), must("cite", Is::Word),
    ]
    "rating" => [must("after", Is::Words), may("within", Is::Word), must("cite", Is::Word)]
    "rule of withdrawal" => [may("if", Is::Word), must("then", Is::One(&["end", "decide", "go-on"])), must("cite", Is::Word)]
    "ground" => [
        must("ground", Is::Word), must("zh", Is::Word), must("en", Is::Word), may("if", Is::Word),
        must("then", Is::One(&["refuse", "refer", "guide", "courtesy"])), may("to", Is::Word), may("report-back", Is::Flag),
        must("say", Is::Text), must("cite", Is::Word),
    ]
    "grading rule" either [&["otherwise"], &["if", "then"], &["on", "then"]] => [
        may("if", Is::Word), may("then", Is::Word), may("otherwise", Is::Word), may("on", Is::Word), may("automatic", Is::Flag),
        must("cite", Is::Word),
    ]
    "route" => [
        may("if", Is::Word), may("during", Is::Some(OFFICE)), must("to", Is::One(WHITHER)), must("role", Is::Word),
        may("on-duty", Is::Flag), must("cite", Is::Word),
    ]
    "recusal" => [
        may("if", Is::Word), must("who", Is::Some(RECUSED)), may("then", Is::Word), may("ruled-by", Is::Word),
        must("cite", Is::Word),
    ]
    "rung" => [must("role", Is::Words), may("zh", Is::Word), may("en", Is::Word), must("cite", Is::Word)]
    "appeal" => [
        must("tier", Is::Word), must("zh", Is::Word), must("en", Is::Word),
        must("who", Is::Some(&["complainant", "respondent", "handler"])), must("after", Is::Words), may("within", Is::Word),
        must("to", Is::One(WHITHER)), must("role", Is::Word), may("form", Is::Word),
        may("needs", Is::Some(&["reasons", "request"])), may("other-handler", Is::Flag), may("reopen", Is::Word),
        must("outcomes", Is::Named("outcome")), may("final", Is::Flag), must("cite", Is::Word),
    ]
    "guard" either [&["needs"], &["if"]] => [
        must("before", Is::Words), may("if", Is::Word), may("needs", Is::Words), must("say", Is::Text), must("cite", Is::Word),
    ]
    "approval" => [must("of", Is::Word), may("if", Is::Word), must("by", Is::Words), must("cite", Is::Word)]
    "clock" => [
        must("zh", Is::Word),
        must("en", Is::Word),
        may("if", Is::Word),
        must("from", Is::Words),
        may("or-after", Is::Words),
        may("from-date", Is::Flag),
        must("until", Is::Words),
        may("dropped", Is::Words),
        may("anew", Is::Words),
        must("within", Is::WordsOrRules("term")),
        may("paused", Is::Rules("pause")),
        may("advisory", Is::Flag),
        may("missed", Is::Rules("step of a miss")),
        may("remind", Is::Rules("reminder")),
        may("overrun", Is::Rule("overrun")),
        may("extend", Is::Rules("tier of more time")),
        may("suspend", Is::Rule("rule of suspension")),
        must("cite", Is::Word),
    ]
    "tier of more time" => [
        may("if", Is::Word),
        may("ground", Is::Text),
        must("by", Is::Word),
        may("cap", Is::Word),
        may("times", Is::Word),
        may("counts", Is::One(&["from-end", "from-start"])),
        may("approve", Is::Word),
        may("on-notice", Is::Flag),
        must("cite", Is::Word),
    ]
    "rule of suspension" => [
        may("if", Is::Word),
        may("ground", Is::Text),
        may("cap", Is::Word),
        may("times", Is::Word),
        may("approve", Is::Word),
        must("cite", Is::Word),
    ]
    "breach" either [&["climb"], &["order"], &["do"], &["reopen"], &["end"], &["open"], &["tell"], &["assess"], &["enter"]] => [
        must("zh", Is::Word), must("en", Is::Word), must("on", Is::Words), may("if", Is::Word), may("once", Is::Flag),
        may("climb", Is::Word), may("order", Is::Word), may("do", Is::Word), may("reopen", Is::Word), may("end", Is::Word),
        may("open", Is::Word), may("regime", Is::Word), may("tell", Is::Words), may("send", Is::Word), may("assess", Is::Word),
        may("points", Is::Word), may("against", Is::One(AGAINST)), may("enter", Is::Word),
        must("cite", Is::Word),
    ]
    "term" => [
        may("if", Is::Word), may("during", Is::Some(&["open", "break", "closed", "day-off"])), must("take", Is::Words),
        may("together", Is::One(&["asked", "earlier", "later"])), may("advisory", Is::Flag), must("cite", Is::Word),
    ]
    "pause" => [may("if", Is::Word), must("from", Is::Words), must("until", Is::Words), may("cap", Is::Word), must("cite", Is::Word)]
    "step of a miss" either [&["climb"], &["order"], &["do"], &["reopen"], &["end"], &["open"], &["tell"], &["assess"], &["enter"]] => [
        may("after", Is::Word),
        may("climb", Is::Word), may("order", Is::Word), may("do", Is::Word), may("reopen", Is::Word), may("end", Is::Word),
        may("open", Is::Word), may("regime", Is::Word), may("tell", Is::Words), may("send", Is::Word), may("assess", Is::Word),
        may("points", Is::Word), may("against", Is::One(AGAINST)), may("enter", Is::Word),
        may("cite", Is::Word),
    ]
    "reminder" either [&["at"], &["before"]] => [may("at", Is::Word), may("before", Is::Word), must("tell", Is::Words)]
    "overrun" => [may("on-approval", Is::Flag), may("cap", Is::Word), must("cite", Is::Word)]
    "notice" either [&["send"], &["task", "role", "done", "zh", "en"]] => [
        must("on", Is::Words), may("if", Is::Word), must("to", Is::Words), may("send", Is::Word),
        may("as", Is::One(&["document"])), may("by", Is::Some(&["email"])), may("task", Is::Some(TASKS)), may("role", Is::Word), may("done", Is::Word), may("zh", Is::Word), may("en", Is::Word),
        must("cite", Is::Word),
    ]
    "template" => [must("subject", Is::Text), must("body", Is::Text)]
    "callback" => [
        must("zh", Is::Word), must("en", Is::Word), may("of", Is::Word), may("if", Is::Word), must("after", Is::Word),
        must("by", Is::Word), may("ordered-by", Is::Word), must("ways", Is::Some(TASKS)), must("cite", Is::Word),
    ]
    "survey" => [
        must("zh", Is::Word), must("en", Is::Word), must("role", Is::Word), may("least", Is::Word),
        must("questions", Is::Named("question of a survey")), must("cite", Is::Word),
    ]
    "question of a survey" => [
        must("type", Is::One(&["words", "scale", "text"])), must("zh", Is::Word), must("en", Is::Word),
        may("words", Is::Named("choice")), must("cite", Is::Word),
    ]
    "section on records" => [
        must("file", Is::Rule("rule of the file")), may("duties", Is::Rules("duty")), may("ledgers", Is::Named("ledger")),
        may("statistics", Is::Rule("rule of statistics")), may("publicity", Is::Rules("rule of publicity")), may("confidential", Is::Rules("rule of confidence")),
    ]
    "rule of the file" => [
        may("holds", Is::Words), may("complete", Is::One(&["close"])), must("keep", Is::Word), may("at-least", Is::Flag),
        must("from", Is::Word), must("cite", Is::Word),
    ]
    "rule of statistics" => [must("by", Is::Words), must("cite", Is::Word)]
    "rule of confidence" => [
        must("of", Is::Some(&["identity", "content", "respondent"])), must("only", Is::Words), may("unless", Is::Word),
        must("cite", Is::Word),
    ]
    "way of redress" => [
        must("zh", Is::Word), must("en", Is::Word), may("for", Is::One(&["complainant", "respondent", "outside"])),
        may("if", Is::Word), must("cite", Is::Word),
    ]
    "rule of publicity" => [
        must("of", Is::One(&["case", "summary"])), must("norm", Is::One(&["publish", "only-if-asked"])),
        must("shows", Is::Some(SHOWN)), may("needs", Is::Words), may("never", Is::Texts), must("by", Is::Word),
        must("cite", Is::Word),
    ]
    "duty" => [
        must("do", Is::Word),
        must("zh", Is::Word),
        must("en", Is::Word),
        may("every", Is::Word),
        may("before", Is::Word),
        may("within", Is::Word),
        must("role", Is::Word),
        must("to", Is::Word),
        may("holds", Is::Words),
        must("cite", Is::Word),
    ]
    "guidance" => [must("at", Is::Word), may("if", Is::Word), must("say", Is::Text), must("cite", Is::Word)]
    "permission" => [must("role", Is::Words), must("may", Is::Words), must("cite", Is::Word)]
}
