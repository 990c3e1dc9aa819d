//! Why a month is not detached or attached, and which is the nearest that can be.

use super::Of;
use kit_core::Problem;

pub(super) fn not_attached(month: Of, oldest: Option<Of>) -> Problem {
    let (zh, en) = nearest(oldest);
    Problem::conflict("month-not-attached", format!("{month} 不在日志中{zh}"), format!("{month} is not in the log{en}"))
}

pub(super) fn not_passed(month: Of, oldest: Option<Of>) -> Problem {
    let (zh, en) = nearest(oldest);
    Problem::conflict(
        "month-not-passed",
        format!("{month} 尚未结束,不能卸下{zh}"),
        format!("{month} has not passed yet and cannot be detached{en}"),
    )
}

fn nearest(oldest: Option<Of>) -> (String, String) {
    match oldest {
        Some(oldest) => (format!(";可卸下的是 {oldest}"), format!("; {oldest} can be")),
        None => (";目前没有可卸下的月份".to_owned(), "; no month can be for now".to_owned()),
    }
}

pub(super) fn not_oldest(month: Of, oldest: Of) -> Problem {
    Problem::conflict(
        "not-oldest-month",
        format!("须按先后次序卸下:请先卸下 {oldest},再卸下 {month}"),
        format!("Months are detached oldest first: detach {oldest} before {month}"),
    )
}

pub(super) fn holds_ends(month: Of, partitions: &[i16]) -> Problem {
    let list: Vec<String> = partitions.iter().map(|partition| format!("{partition:02}")).collect();
    let list = list.join(", ");
    Problem::conflict(
        "month-holds-heads",
        format!("{month} 仍含分区 {list} 的最后一个事件,须待这些分区有新事件后才能卸下"),
        format!("{month} still holds the last event of partitions {list}: it can go once they have newer ones"),
    )
}

pub(super) fn not_newest(month: Of, newest: Option<Of>) -> Problem {
    match newest {
        None => Problem::conflict(
            "month-not-detached",
            format!("{month} 没有卸下;目前没有已卸下的月份"),
            format!("{month} is not detached; no month is"),
        ),
        Some(newest) => Problem::conflict(
            "not-newest-month",
            format!("须从最近卸下的月份开始挂回:请先挂回 {newest}(所求为 {month})"),
            format!("Months are attached newest first: attach {newest} (you asked for {month})"),
        ),
    }
}

pub(super) fn no_table(month: Of, table: &str) -> Problem {
    Problem::conflict(
        "month-not-here",
        format!("{month} 的表 {table} 不在数据库中;请先从备份恢复该表"),
        format!("The table {table} of {month} is not in the database: restore it from its export first"),
    )
}

pub(super) fn in_the_way(month: Of, table: &str) -> Problem {
    Problem::conflict(
        "month-in-the-way",
        format!("{month} 卸下后又有事件写入 {table}(时钟曾落后),须先由数据库管理员查明"),
        format!("Events were written to {table} after {month} was detached (a clock was behind): look into it first"),
    )
}

pub(super) fn changed(month: Of, partition: i16) -> Problem {
    Problem::conflict(
        "month-changed",
        format!("{month} 的表与卸下时不符(分区 {partition:02}),不能挂回;请用未改动的导出恢复"),
        format!(
            "The table of {month} is not as it was detached (partition {partition:02}): restore an unchanged export"
        ),
    )
}
