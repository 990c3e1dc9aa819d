//! The templates of the house, for packs whose text prescribes no words of their own. What may be absent stands in an
//! `if`, so that one text serves everybody: what was written for the complainant is filled in for the complainant alone.

use crate::Template;
use kit_core::Text;

/// The template `id` of the house.
pub fn template(id: &str) -> Option<Template> {
    let (_, subject, body) = TEXTS.iter().find(|(known, ..)| *known == id)?;
    let text = |(zh, en): (&str, &str)| Text::new(zh, en);
    Some(Template { subject: text(*subject), body: text(*body) })
}

/// In Chinese and in English.
type Both = (&'static str, &'static str);

/// What staff wrote for the complainant, each part under its title.
macro_rules! told {
    ($zh:literal, $en:literal) => {
        (
            concat!(
                $zh,
                "{% if process %}办理程序：{{ process }}\n{% endif %}{% if time %}办理时间：{{ time }}\n{% endif %}",
                "{% if course %}办理经过：{{ course }}\n{% endif %}{% if reasons %}理由：{{ reasons }}\n{% endif %}",
                "{% if remedies %}处理结果：{{ remedies }}\n{% endif %}",
                "{% if explanation %}说明：{{ explanation }}\n{% endif %}",
                "{% if other_ways %}其他途径：{{ other_ways }}\n{% endif %}",
                "{% if redress %}救济途径：{{ redress }}\n{% endif %}",
            ),
            concat!(
                $en,
                "{% if process %}How it will be handled: {{ process }}\n{% endif %}",
                "{% if time %}By when: {{ time }}\n{% endif %}{% if course %}What was done: {{ course }}\n{% endif %}",
                "{% if reasons %}Reasons: {{ reasons }}\n{% endif %}{% if remedies %}Result: {{ remedies }}\n{% endif %}",
                "{% if explanation %}Explanation: {{ explanation }}\n{% endif %}",
                "{% if other_ways %}Other ways open to you: {{ other_ways }}\n{% endif %}",
                "{% if redress %}Where you can turn against it: {{ redress }}\n{% endif %}",
            ),
        )
    };
}

const TEXTS: &[(&str, Both, Both)] = &[
    (
        "receipt",
        ("已收到您反映的事项 {{ number }}", "We have received your matter {{ number }}"),
        (
            "您好：\n{{ unit }}已收到您反映的事项，编号 {{ number }}。请保存编号和取件码，凭取件码可以随时查询办理进度。\n",
            "Hello,\n{{ unit }} has received your matter under the number {{ number }}. Keep the number and the receipt \
             code; with the code you can follow it at any time.\n",
        ),
    ),
    (
        "accepted",
        ("受理通知 {{ number }}", "Your matter {{ number }} is taken"),
        told!(
            "您好：\n{{ unit }}已受理您反映的事项（编号 {{ number }}）。\n{% if due %}办理期限：{{ due }}\n{% endif %}",
            "Hello,\n{{ unit }} has taken your matter {{ number }}.\n{% if due %}It is due by {{ due }}.\n{% endif %}"
        ),
    ),
    (
        "declined",
        ("不予受理通知 {{ number }}", "Your matter {{ number }} is not taken"),
        told!(
            "您好：\n您反映的事项（编号 {{ number }}）不予受理。\n{% if ground %}情形：{{ ground }}\n{% endif %}{% if say %}{{ say }}\n{% endif %}",
            "Hello,\nyour matter {{ number }} is not taken.\n{% if ground %}Ground: {{ ground }}\n{% endif %}{% if say %}{{ say }}\n{% endif %}"
        ),
    ),
    (
        "referred",
        ("移送通知 {{ number }}", "Your matter {{ number }} was passed on"),
        told!(
            "您好：\n您反映的事项（编号 {{ number }}）已移送有权处理的单位。\n{% if say %}{{ say }}\n{% endif %}",
            "Hello,\nyour matter {{ number }} was passed on to whoever can deal with it.\n{% if say %}{{ say }}\n{% endif %}"
        ),
    ),
    (
        "progress",
        ("您反映的事项 {{ number }} 的进展", "How your matter {{ number }} stands"),
        (
            "您好：\n您反映的事项（编号 {{ number }}）目前的进展：{{ stage }}。\n",
            "Hello,\nyour matter {{ number }} now stands at: {{ stage }}.\n",
        ),
    ),
    (
        "result",
        ("处理结果告知 {{ number }}", "The result of {{ number }}"),
        told!(
            "您好：\n{{ unit }}对事项 {{ number }} 的处理已有结果。\n",
            "Hello,\n{{ unit }} has come to a result in {{ number }}.\n"
        ),
    ),
    (
        "delay",
        ("延期告知 {{ number }}", "{{ number }} takes longer"),
        told!(
            "您好：\n事项 {{ number }} 尚在办理，需要更多时间。\n{% if promised %}承诺的日期：{{ promised }}\n{% endif %}",
            "Hello,\n{{ number }} is still being handled and needs more time.\n{% if promised %}Promised by {{ promised }}.\n{% endif %}"
        ),
    ),
    (
        "extended",
        ("延长期限告知 {{ number }}", "More time for {{ number }}"),
        told!(
            "您好：\n经批准，事项 {{ number }} 的办理期限已延长。\n{% if due %}现期限：{{ due }}\n{% endif %}",
            "Hello,\nmore time was granted for {{ number }}.\n{% if due %}It is now due by {{ due }}.\n{% endif %}"
        ),
    ),
    (
        "reminder",
        ("{{ number }} 期限将至：{{ clock }}", "{{ number }}: {{ clock }} is nearly due"),
        (
            "案件 {{ number }}（{{ unit }}）的“{{ clock }}”将于 {{ due }} 到期，请及时办理。\n",
            "{{ clock }} of case {{ number }} ({{ unit }}) is due at {{ due }}.\n",
        ),
    ),
    (
        "overdue",
        ("{{ number }} 已超期：{{ clock }}", "{{ number }} is late: {{ clock }}"),
        (
            "案件 {{ number }}（{{ unit }}）的“{{ clock }}”已超期{% if due %}，原期限 {{ due }}{% endif %}。当前进度：{{ stage }}。请立即办理。\n",
            "{{ clock }} of case {{ number }} ({{ unit }}) is late{% if due %}; it was due at {{ due }}{% endif %}. Stage: {{ stage }}. Please see to it now.\n",
        ),
    ),
    (
        "alert",
        ("{{ number }} 请您关注", "{{ number }} needs your attention"),
        (
            "案件 {{ number }}（{{ unit }}）有需要您关注的情况。当前进度：{{ stage }}。请登录查看。\n",
            "Something in case {{ number }} ({{ unit }}) needs your attention. Stage: {{ stage }}. Please sign in and look.\n",
        ),
    ),
    (
        "report",
        ("{{ number }} 办理情况报告", "Report on {{ number }}"),
        (
            "案件 {{ number }}（{{ unit }}）有新的办理情况报告。当前进度：{{ stage }}。请登录查看。\n",
            "There is a report on case {{ number }} ({{ unit }}). Stage: {{ stage }}. Please sign in and read it.\n",
        ),
    ),
    (
        "ordered",
        ("{{ number }} 有指令待您办理", "An order in {{ number }}"),
        (
            "案件 {{ number }}（{{ unit }}）下达了一项指令，请登录查看并按期回复。\n",
            "An order was given in case {{ number }} ({{ unit }}). Please sign in, see what is asked, and answer in time.\n",
        ),
    ),
    (
        "escalated",
        ("{{ number }} 现提请您督办", "{{ number }} has come up to you"),
        (
            "案件 {{ number }}（{{ unit }}）按督办层级提请您督办。当前进度：{{ stage }}。\n",
            "By the ladder, case {{ number }} ({{ unit }}) now comes to you. Stage: {{ stage }}.\n",
        ),
    ),
    (
        "termination",
        ("终止告知 {{ number }}", "{{ number }} has ended"),
        told!(
            "您好：\n{{ unit }}告知您：编号 {{ number }} 的事项中的有关程序已经终止。\n",
            "Hello,\n{{ unit }} tells you that the procedure in {{ number }} has ended.\n"
        ),
    ),
    (
        "copy",
        ("副本送达 {{ number }}", "A copy in {{ number }}"),
        (
            "您好：\n{{ unit }}现就编号 {{ number }} 的事项向您送达有关文书的副本。如有意见，请在规定的期限内提出。\n",
            "Hello,\n{{ unit }} sends you a copy in the matter {{ number }}. If you wish to say anything, please do so in time.\n",
        ),
    ),
    (
        "appeal-received",
        ("已收到申诉 {{ number }}", "Your appeal in {{ number }}"),
        (
            "您好：\n{{ unit }}已收到对编号 {{ number }} 的事项提出的申诉，将依规定审查。\n",
            "Hello,\n{{ unit }} has received the appeal in {{ number }} and will look into it by its rules.\n",
        ),
    ),
    (
        "appeal-result",
        ("申诉决定告知 {{ number }}", "The appeal in {{ number }} is decided"),
        told!(
            "您好：\n{{ unit }}对编号 {{ number }} 的申诉已作出决定。\n",
            "Hello,\n{{ unit }} has decided the appeal in {{ number }}.\n"
        ),
    ),
    (
        "protection",
        ("保护措施告知 {{ number }}", "Your protection in {{ number }}"),
        (
            "您好：\n您反映的事项（编号 {{ number }}）受到保护。任何人不得因此打击报复；如遇此类情况，请立即告知我们。\n",
            "Hello,\nyou are protected for having raised {{ number }}. Nobody may retaliate; if anybody does, tell us at once.\n",
        ),
    ),
    (
        "published",
        ("公示告知 {{ number }}", "{{ number }} was published"),
        (
            "您好：\n编号 {{ number }} 的事项已依规定公示。公示内容不含您的身份信息。\n",
            "Hello,\n{{ number }} was published as the rules say. Nothing in it tells who you are.\n",
        ),
    ),
    (
        "assessed",
        ("{{ number }} 考核告知", "An assessment in {{ number }}"),
        (
            "案件 {{ number }}（{{ unit }}）中有一项考核记录。如有异议，请登录查看并提出。\n",
            "An entry was made in an assessment over case {{ number }} ({{ unit }}). Please sign in to see it, and say so if you object.\n",
        ),
    ),
    (
        "duty-opened",
        ("{{ unit }}：{{ duty }}", "{{ unit }}: {{ duty }}"),
        (
            "{{ unit }}的“{{ duty }}”（{{ period }}）已开始，请于 {{ due }} 前完成，在“定期任务”中填写。\n",
            "\"{{ duty }}\" of {{ unit }} ({{ period }}) has opened. Please do it before {{ due }}, and record it among the duties.\n",
        ),
    ),
    (
        "duty-missed",
        ("逾期未完成：{{ unit }}，{{ duty }}", "Not done in time: {{ unit }}, {{ duty }}"),
        (
            "{{ unit }}的“{{ duty }}”（{{ period }}）应于 {{ due }} 前完成，至今未完成，请督促或尽快完成。\n",
            "\"{{ duty }}\" of {{ unit }} ({{ period }}) was due before {{ due }} and is not done. Please do it, or see that it is done.\n",
        ),
    ),
];

#[cfg(test)]
mod tests {
    use super::{TEXTS, template};
    use crate::vocabulary::{PLACEHOLDERS, SEALED, TEMPLATES};

    /// The placeholders of a text, in its order.
    fn asked(text: &str) -> Vec<&str> {
        text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim())).collect()
    }

    #[test]
    fn every_template_of_the_house_has_its_words_and_no_words_are_nobodys() {
        for term in TEMPLATES {
            assert!(template(term.id).is_some(), "{}", term.id);
        }
        assert_eq!(TEXTS.len(), TEMPLATES.len());
    }

    #[test]
    fn both_languages_ask_for_the_same_known_things_and_what_may_be_absent_is_asked_first() {
        for (id, (subject_zh, subject_en), (zh, en)) in TEXTS {
            for (zh, en) in [(subject_zh, subject_en), (zh, en)] {
                let (mut one, mut other) = (asked(zh), asked(en));
                one.sort_unstable();
                other.sort_unstable();
                assert_eq!(one, other, "{id}");
                for name in one {
                    assert!(PLACEHOLDERS.iter().any(|term| term.id == name), "{id}: {name}");
                    let is_asked = zh.contains(&format!("{{% if {name} %}}"));
                    assert!(is_asked || !SEALED.contains(&name), "{id}: {name}");
                }
            }
        }
    }
}
