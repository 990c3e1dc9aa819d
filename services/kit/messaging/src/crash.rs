//! Named points at which a process can be made to die as by `kill -9`, for the proof that it may die anywhere. Compiled
//! in only with the feature `crashpoints`; `JIESU_CRASH_POINT=name:n` is the n-th passage of that point.

#[cfg(feature = "crashpoints")]
mod armed {
    use std::sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    };

    struct Armed {
        name: String,
        left: AtomicU64,
    }

    #[expect(clippy::disallowed_methods, reason = "a test arms the process from outside, before it has any settings")]
    static ARMED: LazyLock<Option<Armed>> = LazyLock::new(|| {
        let text = std::env::var("JIESU_CRASH_POINT").ok()?;
        let (name, times) = text.rsplit_once(':')?;
        Some(Armed { name: name.to_owned(), left: AtomicU64::new(times.parse().ok()?) })
    });

    pub(crate) fn point(name: &str) {
        let Some(armed) = ARMED.as_ref().filter(|armed| armed.name == name) else { return };
        if armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let _ = nix::sys::signal::kill(nix::unistd::Pid::this(), nix::sys::signal::Signal::SIGKILL);
        }
    }
}

#[cfg(feature = "crashpoints")]
pub(crate) use armed::point;

#[cfg(not(feature = "crashpoints"))]
pub(crate) fn point(_name: &str) {}
