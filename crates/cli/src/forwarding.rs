//! `share` and `outbox`. Opens and copies with the system's own programs.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use warta_newsroom::face::{ForwardRecord, ForwardRequest, ForwardState, Subject};
use warta_newsroom::{Newsroom, Outside, system_clock};

use crate::arguments::{Outbox, Share, ShareCommand};
use crate::open::Place;
use crate::output::{Done, Ended, Output, remark};
use crate::text::{ago, column};

pub(crate) fn share(wanted: &Share, place: &Place, out: &mut Output) -> Done {
    let newsroom = place.open()?;
    if let Some(ShareCommand::Channels) = wanted.what {
        return channels(&newsroom, out);
    }
    let (Some(id), Some(channel)) = (wanted.id, wanted.to.clone()) else {
        return Err(Ended::Failed("an id and a channel are needed".into()));
    };
    let subject = if wanted.story {
        Subject::Story { id }
    } else {
        Subject::Article { id }
    };
    if !wanted.open && !wanted.later {
        return print(&newsroom, subject, &channel, wanted.message.as_deref(), out);
    }
    let (message, wait) = (wanted.message.clone(), wanted.later);
    let forward = newsroom.forward(
        &ForwardRequest {
            subject,
            channel,
            message,
            wait,
        },
        &System,
    );
    newsroom.flush()?;
    tell(&forward?, out)
}

fn print(
    newsroom: &Newsroom,
    subject: Subject,
    channel: &str,
    message: Option<&str>,
    out: &mut Output,
) -> Done {
    let draft = newsroom.draft(subject, channel, message)?;
    if out.is_json() {
        return out.json(&json!({
            "channel": draft.channel,
            "message": draft.message,
            "target": draft.target,
            "fallback": draft.fallback,
        }));
    }
    for line in draft.message.lines() {
        out.line(line)?;
    }
    out.line("")?;
    match &draft.target {
        Some(target) => out.line(format!("opens  {target}"))?,
        None => out.line("copies the text")?,
    }
    draft
        .fallback
        .iter()
        .try_for_each(|target| out.line(format!("else   {target}")))
}

fn channels(newsroom: &Newsroom, out: &mut Output) -> Done {
    for channel in newsroom.share_channels() {
        if out.is_json() {
            out.json(&channel)?;
            continue;
        }
        let how = if channel.copies { "copies" } else { "opens" };
        out.line(format!(
            "{}  {}  {how}",
            column(&channel.id, 24),
            column(&channel.name, 28)
        ))?;
    }
    Ok(())
}

pub(crate) fn outbox(what: &Outbox, place: &Place, out: &mut Output) -> Done {
    let newsroom = place.open()?;
    let waiting = newsroom.outbox()?;
    match what {
        Outbox::List if out.is_json() => waiting.iter().try_for_each(|forward| out.json(forward)),
        Outbox::List if waiting.is_empty() => out.line("Nothing waits."),
        Outbox::List => {
            let now = system_clock().now();
            for forward in &waiting {
                let (when, channel) = (column(&ago(now, forward.at), 14), &forward.channel_name);
                out.line(format!(
                    "{:>5}  {when}  {}  {}",
                    forward.id,
                    column(channel, 18),
                    forward.title
                ))?;
            }
            Ok(())
        }
        Outbox::Send => send(&newsroom, &waiting, out),
    }
}

fn send(newsroom: &Newsroom, waiting: &[ForwardRecord], out: &mut Output) -> Done {
    let mut failed = false;
    for forward in waiting {
        let sent = newsroom.forward_waiting(forward.id, &System)?;
        if sent.state == ForwardState::Failed {
            remark(format_args!(
                "{}: nothing on this machine opens it",
                forward.title
            ));
            failed = true;
        } else {
            tell(&sent, out)?;
        }
    }
    newsroom.flush()?;
    if failed {
        Err(Ended::FailedSaid)
    } else {
        Ok(())
    }
}

fn tell(forward: &ForwardRecord, out: &mut Output) -> Done {
    if out.is_json() {
        return out.json(forward);
    }
    let done = match forward.state {
        ForwardState::Opened => "Opened in",
        ForwardState::Copied => "Copied for",
        ForwardState::Waiting => "Waits in the outbox for",
        ForwardState::Failed => "Could not be opened in",
    };
    out.line(format!(
        "{done} {}: {}",
        forward.channel_name, forward.title
    ))
}

/// The system's opener and clipboard. Targets are arguments of their own: no shell sees them.
struct System;

impl Outside for System {
    fn open(&self, target: &str) -> Result<(), String> {
        let openers: &[&[&str]] = if cfg!(target_os = "macos") {
            &[&["open"]]
        } else if cfg!(windows) {
            &[&["rundll32", "url.dll,FileProtocolHandler"]]
        } else {
            &[&["xdg-open"], &["gio", "open"]]
        };
        first_of(openers, |opener| {
            let mut command = command(opener);
            command.arg(target).stdin(Stdio::null()).status()
        })
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        let copiers: &[&[&str]] = if cfg!(target_os = "macos") {
            &[&["pbcopy"]]
        } else if cfg!(windows) {
            &[&["clip"]]
        } else {
            &[
                &["wl-copy"],
                &["xclip", "-selection", "clipboard"],
                &["xsel", "-ib"],
            ]
        };
        first_of(copiers, |copier| {
            let mut child = command(copier).stdin(Stdio::piped()).spawn()?;
            if let Some(mut input) = child.stdin.take() {
                input.write_all(text.as_bytes())?;
            }
            child.wait()
        })
    }
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words.first().copied().unwrap_or_default());
    command.args(words.get(1..).unwrap_or_default());
    // Its talk is not part of the result.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Tries programs until one is there and succeeds.
fn first_of(
    programs: &[&[&str]],
    run: impl Fn(&[&str]) -> std::io::Result<std::process::ExitStatus>,
) -> Result<(), String> {
    let mut reasons = Vec::new();
    for program in programs {
        let name = program.first().copied().unwrap_or_default();
        match run(program) {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => reasons.push(format!("{name}: {status}")),
            Err(error) => reasons.push(format!("{name}: {error}")),
        }
    }
    Err(reasons.join("; "))
}
