//! What can be wrong with a chain, in both languages.

use kit_core::Text;

/// The first broken link of a partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub partition: u32,
    /// The number at which it shows.
    pub seq: u64,
    /// Empty where there is no event, or none that can be read.
    pub event_id: String,
    /// The type of the event, by its full name.
    pub kind: String,
    pub fault: Fault,
}

impl Broken {
    pub(super) fn at(partition: u32, seq: u64, fault: Fault) -> Self {
        Self { partition, seq, event_id: String::new(), kind: String::new(), fault }
    }
}

/// What is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The numbers before it are not there, from this one on.
    Missing { expected: u64 },
    /// A number comes again.
    Doubled { expected: u64 },
    /// The link is not the hash of the link before and the event.
    Link,
    /// The bytes are no envelope.
    Unreadable,
    /// Its key belongs to another partition.
    Misplaced { belongs: u32 },
    /// It is of another service.
    Producer { found: String },
    /// The records end before the head.
    EndsBefore { head: u64 },
    /// They end at the number of the head, with another link.
    EndsBeside,
    /// There is something after the head.
    BeyondHead { head: u64 },
    /// The partition does not come at all.
    Absent,
    /// Records came before it was said where they begin.
    NotBegun,
    /// The partition begins a second time.
    BegunTwice,
}

impl Fault {
    /// As a person reads it.
    pub fn text(&self) -> Text {
        let text = |zh: &str, en: &str| Text::new(zh, en);
        match self {
            Self::Missing { expected } => Text::new(
                format!("缺少自第 {expected} 号起的事件"),
                format!("events from number {expected} are missing"),
            ),
            Self::Doubled { expected } => Text::new(
                format!("编号重复(应为第 {expected} 号)"),
                format!("the number comes twice ({expected} was to come)"),
            ),
            Self::Link => text(
                "链值与内容不符:该事件或其前一事件被改动",
                "the link does not fit: this event or the one before was changed",
            ),
            Self::Unreadable => text("信封无法识别", "the envelope cannot be read"),
            Self::Misplaced { belongs } => {
                Text::new(format!("其编号属于分区 {belongs:02}"), format!("its key belongs to partition {belongs:02}"))
            }
            Self::Producer { found } => {
                Text::new(format!("属于另一服务:{found}"), format!("it is of another service: {found}"))
            }
            Self::EndsBefore { head } => Text::new(
                format!("日志在此中断,应到第 {head} 号"),
                format!("the log ends here, and its head is {head}"),
            ),
            Self::EndsBeside => text("末尾的链值与日志头不符", "the last link is not the head's"),
            Self::BeyondHead { head } => Text::new(
                format!("日志头为第 {head} 号,其后仍有事件"),
                format!("the head is {head}, and events follow after it"),
            ),
            Self::Absent => text("整个分区缺失", "the whole partition is missing"),
            Self::NotBegun => text("未说明链的起点", "it was not said where the chain begins"),
            Self::BegunTwice => text("分区重复出现", "the partition comes twice"),
        }
    }
}
