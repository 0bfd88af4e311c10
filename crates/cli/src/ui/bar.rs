//! Progress as a bar or as plain lines.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

/// Time between two plain lines.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Shows how far something is. Safe to call from any thread.
pub(crate) struct ProgressBar {
    verb: &'static str,
    unit: &'static str,
    shown: bool,
    bar: Option<indicatif::ProgressBar>,
    started: Instant,
    last_line: Mutex<Instant>,
}

impl ProgressBar {
    pub(super) fn new(verb: &'static str, unit: &'static str, shown: bool, terminal: bool) -> Self {
        let bar = (shown && terminal).then(|| {
            let bar =
                indicatif::ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            let template = "{bar:24} {percent:>3}%  {pos}/{len} {prefix}  {msg}  {eta} left";
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style.progress_chars("━╸─"));
            }
            bar.set_prefix(unit);
            bar
        });
        let now = Instant::now();
        Self {
            verb,
            unit,
            shown,
            bar,
            started: now,
            last_line: Mutex::new(now),
        }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// `done` of `total`, and what else there is to say.
    pub(crate) fn set(&self, done: u64, total: u64, detail: &str) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
            bar.set_message(detail.to_owned());
        } else if self.shown {
            self.plain(done, total, detail);
        }
    }

    fn plain(&self, done: u64, total: u64, detail: &str) {
        let Ok(mut last) = self.last_line.lock() else {
            return;
        };
        if last.elapsed() < PLAIN_EVERY {
            return;
        }
        *last = Instant::now();
        let left = self
            .elapsed()
            .mul_f64((total.max(done) - done) as f64 / done.max(1) as f64);
        let line = format!(
            "{} {done}/{total} {} {detail} {}s left",
            self.verb,
            self.unit,
            left.as_secs()
        );
        drop(std::io::Write::write_all(
            &mut anstream::stderr(),
            format!("{line}\n").as_bytes(),
        ));
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
