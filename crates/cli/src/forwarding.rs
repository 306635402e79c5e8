//! `share` and `outbox`. Opens and copies with the system's own programs.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::json;
use warta_engine::api::{
    CardRequest, CardShape, Draft, FileFormat, ForwardRecord, ForwardRequest, ForwardState,
    ShareMeans, Subject,
};
use warta_engine::{Engine, Host, system_clock};

use crate::arguments::{Outbox, Share, ShareCommand};
use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::{ago, column};

pub(crate) fn share(wanted: &Share, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    if let Some(ShareCommand::Channels) = wanted.what {
        return channels(&engine, out);
    }
    let subject = match (wanted.ids.as_slice(), &wanted.quote) {
        ([id], _) if wanted.story => Subject::Story { id: *id },
        ([id], Some(text)) => Subject::Quote {
            id: *id,
            text: text.clone(),
        },
        ([id], None) => Subject::Article { id: *id },
        (ids, _) => Subject::Digest { ids: ids.to_vec() },
    };
    if let Some(file) = &wanted.card {
        let shape = if wanted.status {
            CardShape::Status
        } else {
            CardShape::Post
        };
        return card(&engine, subject, shape, wanted.with_picture, file, out);
    }
    if let Some(file) = &wanted.save {
        return save(&engine, &wanted.ids, file, out);
    }
    let Some(channel) = wanted.to.clone() else {
        return Err(Ended::Failed("no channel given".into()));
    };
    let part = wanted.part - 1;
    if !wanted.open && !wanted.later {
        let draft = engine
            .sharing()
            .draft(&subject, &channel, wanted.message.as_deref(), part)?;
        return print(&draft, out);
    }
    let request = ForwardRequest {
        subject,
        channel,
        message: wanted.message.clone(),
        wait: wanted.later,
        part,
    };
    let forward = engine.sharing().forward(&request, &System);
    let forward = match forward {
        Ok(record) if record.by_itself && !wanted.later => {
            on_runtime(engine.integrations().finish_forward(record, false))?
        }
        other => other,
    };
    engine.flush()?;
    tell(&forward?, out)
}

fn card(
    engine: &Engine,
    subject: Subject,
    shape: CardShape,
    with_picture: bool,
    file: &Path,
    out: &mut Output,
) -> Done {
    let request = CardRequest {
        subject,
        shape,
        with_picture,
    };
    let card = engine.cards().picture_card(&request)?;
    let (_, png) = engine.cards().card_file(&request)?;
    written(file, &png)?;
    if !card.missing.is_empty() {
        remark(format_args!("no installed font has: {}", card.missing));
    }
    if out.is_json() {
        return out.json(&json!({
            "file": file.display().to_string(),
            "width": card.width,
            "height": card.height,
            "missing": card.missing,
        }));
    }
    out.line(format!(
        "{} ({} × {})",
        file.display(),
        card.width,
        card.height
    ))
}

fn save(engine: &Engine, ids: &[u64], file: &Path, out: &mut Output) -> Done {
    let [id] = ids else {
        return Err(Ended::Failed(
            "only one article can be written to a file".into(),
        ));
    };
    let end = file.extension().and_then(|end| end.to_str());
    let format = match end.map(str::to_ascii_lowercase).as_deref() {
        Some("txt") => FileFormat::Text,
        Some("md" | "markdown") => FileFormat::Markdown,
        Some("html" | "htm") => FileFormat::Html,
        Some("epub") => FileFormat::Epub,
        _ => {
            return Err(Ended::Failed(
                "the file name must end with .txt, .md, .html or .epub".into(),
            ));
        }
    };
    let (_, bytes) = engine.cards().article_file(*id, format)?;
    written(file, &bytes)?;
    if out.is_json() {
        return out.json(&json!({ "file": file.display().to_string() }));
    }
    out.line(file.display().to_string())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the reader names this file on the command line"
)]
fn written(file: &Path, bytes: &[u8]) -> Result<(), Ended> {
    std::fs::write(file, bytes)
        .map_err(|error| Ended::Failed(format!("{}: {error}", file.display())))
}

fn print(draft: &Draft, out: &mut Output) -> Done {
    if draft.sheet.is_some() {
        return Err(Ended::Failed("a terminal has no share sheet".into()));
    }
    if out.is_json() {
        let mut told = json!({
            "channel": draft.channel,
            "message": draft.message,
            "target": draft.target,
            "fallback": draft.fallback,
        });
        if let Some(link) = &draft.link {
            told["link"] = json!(link);
        }
        if draft.parts > 1 {
            told["part"] = json!(draft.part + 1);
            told["parts"] = json!(draft.parts);
        }
        return out.json(&told);
    }
    for line in draft.message.lines() {
        out.line(line)?;
    }
    out.line("")?;
    if draft.parts > 1 {
        out.line(format!("message {} of {}", draft.part + 1, draft.parts))?;
    }
    if let Some(link) = &draft.link {
        out.line(format!("link   {link}"))?;
    }
    if draft.copies {
        out.line("copies the text")?;
    }
    if let Some(target) = &draft.target {
        out.line(format!("opens  {target}"))?;
    }
    draft
        .fallback
        .iter()
        .try_for_each(|target| out.line(format!("else   {target}")))
}

fn channels(engine: &Engine, out: &mut Output) -> Done {
    for channel in engine.sharing().share_channels(&System) {
        if out.is_json() {
            out.json(&channel)?;
            continue;
        }
        let how = match channel.means {
            ShareMeans::Open => "opens",
            ShareMeans::Copy => "copies",
            ShareMeans::CopyAndOpen => "copies and opens",
            ShareMeans::QrCode => "shows",
            ShareMeans::Card => "draws: share ID --card FILE",
            ShareMeans::File => "writes: share ID --save FILE",
            ShareMeans::Service => "sends",
            ShareMeans::System => "opens the system share sheet",
        };
        let hidden = if channel.hidden { ", hidden" } else { "" };
        out.line(format!(
            "{}  {}  {how}{hidden}",
            column(&channel.id, 24),
            column(&channel.name, 28)
        ))?;
    }
    Ok(())
}

pub(crate) fn outbox(what: &Outbox, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    let waiting = engine.sharing().outbox()?;
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
        Outbox::Send => send(&engine, &waiting, out),
        Outbox::Drop { id } => {
            engine.sharing().discard_waiting(*id)?;
            Ok(engine.flush()?)
        }
        Outbox::Edit { id, message } => {
            let record = engine.sharing().edit_waiting(*id, message)?;
            engine.flush()?;
            tell(&record, out)
        }
    }
}

fn send(engine: &Engine, waiting: &[ForwardRecord], out: &mut Output) -> Done {
    let mut failed = false;
    for forward in waiting {
        let sent = if forward.by_itself {
            on_runtime(engine.integrations().send_save(forward.id))?
        } else {
            engine.sharing().forward_waiting(forward.id, &System)
        };
        match sent {
            Ok(sent) => {
                failed |= sent.state == ForwardState::Waiting;
                tell(&sent, out)?;
            }
            Err(failure) => {
                remark(format_args!("{}: {failure}", forward.title));
                failed = true;
            }
        }
    }
    engine.flush()?;
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
    if let Some(problem) = &forward.problem {
        remark(format_args!("{}: {problem}", forward.channel_name));
    }
    let done = match forward.state {
        ForwardState::Opened if forward.by_itself => "Saved to",
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

/// The system's opener and clipboard. Targets are passed as separate arguments, never through a
/// shell.
struct System;

impl Host for System {
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
                input.write_all(&copier_input(text, cfg!(windows)))?;
            }
            child.wait()
        })
    }

    fn copy_picture(&self, _rgba: Vec<u8>, _width: u32, _height: u32) -> Result<(), String> {
        Err("the terminal cannot copy pictures".into())
    }
}

/// The text as the copier reads it. That of Windows takes other bytes than UTF-16 (little-endian) for text in the
/// console's code page, which lacks most letters.
fn copier_input(text: &str, is_windows: bool) -> Vec<u8> {
    if is_windows {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        text.as_bytes().to_vec()
    }
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words.first().copied().unwrap_or_default());
    command.args(words.get(1..).unwrap_or_default());
    // The program's output is not part of the result.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Tries programs until one exists and succeeds.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copier_of_windows_gets_utf_16() {
        assert_eq!(copier_input("é", false), "é".as_bytes());
        assert_eq!(copier_input("aé新", true), [97, 0, 0xe9, 0, 0xb0, 0x65]);
    }
}
