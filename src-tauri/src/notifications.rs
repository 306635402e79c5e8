//! System notifications. A click opens what a notification is about.
//!
//! Notices wait until no sync runs, so that those of one sync are one notification. During the reader's
//! quiet hours none are shown; afterwards one notification says how many there were. They wait in memory
//! only: what they are about is in Warta anyway. While the window has the focus, the page shows notices.

#[cfg_attr(target_os = "linux", path = "notifications/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "notifications/elsewhere.rs")]
mod system;

use std::time::Duration;

use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;
use warta_engine::Engine;
use warta_engine::api::{Event, LinkTarget, Notice};

use crate::window::main;
use crate::words::Words;

pub(crate) use system::Notifications;

/// Notices that follow each other within this time are shown together.
const SETTLED: Duration = Duration::from_secs(2);
/// How often the end of the quiet hours is looked for while notices wait for it.
const QUIET_TICK: Duration = Duration::from_secs(30);
/// Maximum number of titles in one notification.
const TITLES: usize = 4;

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notification {
    /// Plain text.
    pub(crate) title: String,
    /// Plain text.
    pub(crate) text: String,
    /// What a click opens.
    pub(crate) opens: LinkTarget,
}

/// Notices that were not shown yet.
#[derive(Debug, Default)]
struct Pending {
    new: Vec<Notice>,
    /// How many came during quiet hours, and the titles of the last ones.
    held: u64,
    held_titles: Vec<String>,
}

impl Pending {
    /// What to show now, if anything; forgets it.
    fn take(&mut self, is_quiet: bool, words: &Words) -> Option<Notification> {
        let mut new = std::mem::take(&mut self.new);
        if is_quiet {
            self.held += new.len() as u64;
            self.held_titles
                .extend(new.drain(..).map(|notice| notice.title));
            let surplus = self.held_titles.len().saturating_sub(TITLES);
            self.held_titles.drain(..surplus);
            return None;
        }
        if self.held == 0 && new.len() == 1 {
            return new.pop().map(single);
        }
        let count = self.held + new.len() as u64;
        if count == 0 {
            return None;
        }
        let title = if self.held > 0 && new.is_empty() {
            words.quiet_updates(count)
        } else {
            words.updates(count)
        };
        let mut titles: Vec<String> = new.into_iter().rev().map(|notice| notice.title).collect();
        titles.extend(self.held_titles.drain(..).rev());
        titles.truncate(TITLES);
        let more = count - titles.len() as u64;
        if more > 0 {
            titles.push(format!("+{more}"));
        }
        self.held = 0;
        Some(Notification {
            title,
            text: titles.join("\n"),
            opens: LinkTarget::FrontPage,
        })
    }
}

fn single(notice: Notice) -> Notification {
    let opens = match notice.story {
        Some(id) => LinkTarget::Story { id },
        None => LinkTarget::Article { id: notice.article },
    };
    Notification {
        title: notice.title,
        text: notice.text,
        opens,
    }
}

/// Shows the engine's notices. Runs until dropped.
pub(crate) async fn follow(app: AppHandle, engine: Engine) {
    let mut events = engine.events();
    let mut pending = Pending::default();
    loop {
        let wait = match (pending.new.is_empty(), pending.held) {
            (false, _) => SETTLED,
            (true, 0) => Duration::MAX,
            (true, _) => QUIET_TICK,
        };
        // A notice begins the wait again; other events do not.
        let settled = tokio::time::sleep(wait);
        tokio::pin!(settled);
        loop {
            tokio::select! {
                () = &mut settled => break,
                event = events.recv() => match event {
                    Ok(Event::Noticed { notice }) => {
                        pending.new.push(notice);
                        settled.as_mut().reset(tokio::time::Instant::now() + SETTLED);
                    }
                    Err(RecvError::Closed) => return,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                },
            }
        }
        if !pending.new.is_empty() && engine.sync().sync_progress().is_some() {
            continue;
        }
        let settings = engine.settings();
        let Some(notification) = pending.take(engine.is_quiet(), Words::of(&settings.language))
        else {
            continue;
        };
        let is_seen = main(&app).is_some_and(|window| window.is_focused().unwrap_or(false));
        if settings.notify && !is_seen {
            app.state::<Notifications>().show(notification).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(number: u64) -> Notice {
        Notice {
            title: format!("Title {number}"),
            text: format!("Text {number}"),
            article: number,
            story: (number == 1).then_some(1),
        }
    }

    fn pending(numbers: std::ops::RangeInclusive<u64>) -> Pending {
        Pending {
            new: numbers.map(notice).collect(),
            ..Pending::default()
        }
    }

    fn words() -> &'static Words {
        Words::of("en")
    }

    #[test]
    fn a_single_notice_opens_its_story_or_article() {
        for (number, opens) in [
            (1, LinkTarget::Story { id: 1 }),
            (2, LinkTarget::Article { id: 2 }),
        ] {
            let mut pending = pending(number..=number);
            let shown = pending.take(false, words()).unwrap();
            assert_eq!(shown.title, format!("Title {number}"));
            assert_eq!(shown.text, format!("Text {number}"));
            assert_eq!(shown.opens, opens);
            assert_eq!(pending.take(false, words()), None, "it is shown once");
        }
    }

    #[test]
    fn several_notices_are_one_notification() {
        let shown = pending(1..=7).take(false, words()).unwrap();
        assert_eq!(shown.title, "7 updates");
        assert_eq!(shown.text, "Title 7\nTitle 6\nTitle 5\nTitle 4\n+3");
        assert_eq!(shown.opens, LinkTarget::FrontPage);
    }

    #[test]
    fn quiet_hours_end_with_one_summary() {
        let mut pending = pending(1..=3);
        assert_eq!(pending.take(true, words()), None);
        pending.new.extend((4..=6).map(notice));
        assert_eq!(pending.take(true, words()), None);
        let shown = pending.take(false, words()).unwrap();
        assert_eq!(shown.title, "6 updates during quiet hours");
        assert_eq!(shown.text, "Title 6\nTitle 5\nTitle 4\nTitle 3\n+2");
        assert_eq!(pending.take(false, words()), None, "it is shown once");
    }

    #[test]
    fn a_single_held_notice_is_summarised_too() {
        let mut pending = pending(2..=2);
        assert_eq!(pending.take(true, words()), None);
        let shown = pending.take(false, words()).unwrap();
        assert_eq!(shown.title, "1 update during quiet hours");
        assert_eq!(shown.text, "Title 2");
    }

    #[test]
    fn held_titles_are_bounded() {
        let mut pending = pending(1..=500);
        assert_eq!(pending.take(true, words()), None);
        assert_eq!(pending.held_titles.len(), TITLES);
        assert_eq!(pending.held, 500);
    }
}
