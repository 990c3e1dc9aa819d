//! Why a fork is not settled.

use kit_core::{Class, Problem};

pub(super) fn no_fork(subject: &str) -> Problem {
    Problem::not_found("no-fork", format!("{subject} 没有分歧"), format!("There is no fork at {subject}"))
}

pub(super) fn silent(producer: &str) -> Problem {
    Problem::new(
        Class::Transient,
        "unavailable",
        format!("{producer} 没有应答,未作任何更改;请稍后再试"),
        format!("{producer} does not answer; nothing was changed. Try again later"),
    )
}

pub(super) fn agrees(subject: &str) -> Problem {
    Problem::conflict(
        "agrees-again",
        format!("{subject} 与对方已经一致,无须接受;请改用“重新核对”"),
        format!("{subject} agrees again, there is nothing to accept: recheck it instead"),
    )
}

pub(super) fn archived(seq: u64) -> Problem {
    Problem::conflict(
        "month-detached",
        format!("第 {seq} 号事件所在的月份在对方服务已卸下;请先在对方服务挂回该月"),
        format!("Event {seq} lies in a month that its producer has detached: attach it there first"),
    )
}

pub(super) fn moved_on(subject: &str) -> Problem {
    Problem::conflict(
        "fork-changed",
        format!("{subject} 的情况已变化,请重新查看后再决定"),
        format!("{subject} has changed meanwhile: look again before you decide"),
    )
}
