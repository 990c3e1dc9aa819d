//! Realistic, varied complaints without personal data: the same seed gives the same complaints. Phones bear a prefix that
//! was never assigned, mail addresses end in `.invalid`, names are made from a bank of common characters.

use contracts::{common, intake, triage};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

/// One matter that a resident could bring.
#[derive(Clone, Debug)]
pub struct Plan {
    pub hand_in: intake::HandInRequest,
    /// A part of the department's name, such as `工程`.
    pub department: &'static str,
}

/// A theme: whom it is about, its subject, and what happened.
struct Theme {
    department: &'static str,
    subject: &'static str,
    happened: &'static [&'static str],
}

const THEMES: &[Theme] = &[
    Theme {
        department: "工程",
        subject: "电梯反复停运",
        happened: &[
            "单元电梯这周已经停了三次,每次都说在等配件",
            "电梯运行时有很大的异响,老人不敢乘坐",
            "电梯困人后四十分钟才有人来",
        ],
    },
    Theme {
        department: "工程",
        subject: "楼道漏水",
        happened: &[
            "楼道顶部渗水,地面湿滑,有人摔倒",
            "地下车库漏水,报修两次没有人处理",
            "雨后楼梯间积水,电表箱旁边也在滴水",
        ],
    },
    Theme {
        department: "秩序",
        subject: "门岗管理松懈",
        happened: &[
            "夜里外来人员随意进出,门岗没有人登记",
            "快递外卖电动车在小区内高速行驶",
            "楼上高空抛物,多次反映没有结果",
        ],
    },
    Theme {
        department: "秩序",
        subject: "车位被占",
        happened: &["固定车位连续一周被别的车占用", "消防通道长期停车,无人劝离", "临时停车收费与公示不一致"],
    },
    Theme {
        department: "环境",
        subject: "垃圾清运不及时",
        happened: &["垃圾桶两天没有清运,异味很重", "电梯间的地面一周没有打扫", "绿化带里堆了装修垃圾,虫子很多"],
    },
    Theme {
        department: "工程",
        subject: "报修窗口排队太久、态度冷淡",
        happened: &[
            "排了一个多小时的队,窗口的人一直在聊天",
            "同样的表格填了三次,每次都说上一张找不到了",
            "打电话问进度,对方说不知道就挂了",
        ],
    },
];

const OPENINGS: &[&str] =
    &["您好,我是本小区的住户。", "反映一个情况:", "这件事已经拖了一段时间,", "本来不想麻烦你们,但是", ""];
const EARLIER: &[&str] =
    &["之前打过一次电话。", "这是第三次反映了。", "以前没有反映过。", "门岗说已经登记,但没有下文。"];
const WISHES: &[&str] =
    &["请尽快派人处理。", "希望给一个明确的时间。", "请书面答复。", "希望以后不要再发生。", "请公示处理结果。"];
const SURNAMES: &[&str] = &["王", "李", "张", "刘", "陈", "杨", "赵", "周", "吴", "孙"];
const GIVEN: &[&str] = &["明", "华", "静", "建国", "秀英", "晓", "雨", "志强", "婷", "丽"];
/// Channel and weight: most people call or come to the counter.
const CHANNELS: &[(&str, u32)] = &[("phone", 50), ("walk-in", 20), ("web", 22), ("email", 5), ("letter", 3)];

/// Yields complaints for the given branches, for ever.
pub struct Generator {
    rng: StdRng,
    seed: u64,
    count: u64,
    units: Vec<String>,
    kind: String,
}

impl Generator {
    /// A stream of matters of `kind` about `units`, which must not be empty.
    pub fn new(seed: u64, units: Vec<String>, kind: &str) -> Self {
        Self { rng: StdRng::seed_from_u64(seed), seed, count: 0, units, kind: kind.to_owned() }
    }

    fn pick<'a, T>(&mut self, from: &'a [T], otherwise: &'a T) -> &'a T {
        from.choose(&mut self.rng).unwrap_or(otherwise)
    }

    fn channel(&mut self) -> &'static str {
        CHANNELS.choose_weighted(&mut self.rng, |(_, weight)| *weight).map_or("web", |(name, _)| name)
    }

    /// The first branches have more complaints than the last, as in life.
    fn unit(&mut self) -> String {
        let many = self.units.len().max(1);
        let skewed = self.rng.random_range(0..many).min(self.rng.random_range(0..many));
        self.units.get(skewed).cloned().unwrap_or_default()
    }

    fn identity(&mut self) -> intake::Identity {
        let name = format!("{}{}", self.pick(SURNAMES, &"王"), self.pick(GIVEN, &"明"));
        let phone = format!("120{:08}", self.rng.random_range(0..100_000_000_u32));
        let email =
            if self.rng.random_bool(0.5) { format!("resident{}@example.invalid", self.count) } else { String::new() };
        let address = format!(
            "{} 栋 {} 单元 {} 室",
            self.rng.random_range(1..30),
            self.rng.random_range(1..4),
            self.rng.random_range(101..2801)
        );
        intake::Identity { name, phone, email, address }
    }

    /// Answers to a regime's questions as a receptionist might give them: mostly the mild ones.
    pub fn answers(&mut self, questions: &[triage::Question]) -> Vec<common::Fact> {
        questions.iter().map(|question| self.answer(question)).collect()
    }

    fn answer(&mut self, question: &triage::Question) -> common::Fact {
        use common::fact_value::Kind;
        let kind = match question.r#type.as_str() {
            "flag" => Kind::Flag(self.rng.random_bool(0.05)),
            "number" => Kind::Number(*[1, 1, 1, 2, 3].choose(&mut self.rng).unwrap_or(&1)),
            _ => {
                let mild = self.rng.random_bool(0.7);
                let words = &question.words;
                let chosen = if mild { words.first() } else { words.choose(&mut self.rng) };
                Kind::Word(chosen.map(|word| word.id.clone()).unwrap_or_default())
            }
        };
        common::Fact { name: question.name.clone(), value: Some(common::FactValue { kind: Some(kind) }) }
    }

    /// One of the words, or none if there are none.
    pub fn choose(&mut self, words: &[triage::Word]) -> String {
        words.choose(&mut self.rng).map(|word| word.id.clone()).unwrap_or_default()
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }
}

impl Iterator for Generator {
    type Item = Plan;

    fn next(&mut self) -> Option<Plan> {
        self.count += 1;
        let theme = THEMES.choose(&mut self.rng)?;
        let happened = theme.happened.choose(&mut self.rng)?;
        let floor = self.rng.random_range(1..30);
        let narrative = format!(
            "{}{floor} 栋:{happened}。{}{}",
            self.pick(OPENINGS, &""),
            self.pick(EARLIER, &""),
            self.pick(WISHES, &"")
        );
        let hand_in = intake::HandInRequest {
            request_id: format!("demo-{}-{}", self.seed, self.count),
            unit_id: self.unit(),
            channel: self.channel().to_owned(),
            kind: self.kind.clone(),
            subject: theme.subject.to_owned(),
            narrative,
            identity: Some(self.identity()),
            ..Default::default()
        };
        Some(Plan { hand_in, department: theme.department })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_complaints_and_none_can_be_a_real_person() {
        let take = |seed| {
            Generator::new(seed, vec!["b01".to_owned(), "b02".to_owned()], "complaint").take(200).collect::<Vec<_>>()
        };
        let plans = take(7);
        let texts = |plans: &[Plan]| plans.iter().map(|p| p.hand_in.narrative.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&plans), texts(&take(7)));
        assert_ne!(texts(&plans), texts(&take(8)));
        for plan in &plans {
            let identity = plan.hand_in.identity.as_ref().unwrap();
            assert!(identity.phone.starts_with("120"));
            assert!(identity.email.is_empty() || identity.email.ends_with(".invalid"));
        }
    }
}
