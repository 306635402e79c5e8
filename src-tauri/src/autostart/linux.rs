//! Linux: a file in the XDG folder of programs that start at login, one for each data folder.

use std::io;
use std::path::PathBuf;

use tauri::{AppHandle, Manager};
use warta_engine::api::{Failure, FailureCode};

use crate::start::{HIDDEN, given_data_dir, name_for, own_data_dir};

pub(super) fn is_on(app: &AppHandle) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "the desktop's file is not the store's"
    )]
    let text = file(app).and_then(std::fs::read);
    text.is_ok_and(|bytes| is_enabled(&String::from_utf8_lossy(&bytes)))
}

pub(super) fn set(app: &AppHandle, on: bool) -> Result<(), Failure> {
    let written = if on { write(app) } else { remove(app) };
    written.map_err(|error| {
        let message = format!("the file for the start at login was not changed: {error}");
        Failure::new(FailureCode::Internal, message)
    })
}

fn file(app: &AppHandle) -> io::Result<PathBuf> {
    let config = app.path().config_dir().map_err(io::Error::other)?;
    let name = name_for(own_data_dir().as_deref());
    Ok(config.join("autostart").join(format!("{name}.desktop")))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the desktop's file is not the store's"
)]
fn write(app: &AppHandle) -> io::Result<()> {
    let file = file(app)?;
    // An AppImage runs from a folder that is gone after it ends.
    let program = match std::env::var_os("APPIMAGE") {
        Some(image) => image.into(),
        None => std::env::current_exe()?,
    };
    let mut command = vec![program.to_string_lossy().into_owned(), HIDDEN.to_owned()];
    if let Some(folder) = given_data_dir() {
        let folder = std::path::absolute(folder)?;
        command.extend([
            "--data-dir".to_owned(),
            folder.to_string_lossy().into_owned(),
        ]);
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let half = file.with_extension("new");
    std::fs::write(&half, entry(&command))?;
    std::fs::rename(half, file)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the desktop's file is not the store's"
)]
fn remove(app: &AppHandle) -> io::Result<()> {
    match std::fs::remove_file(file(app)?) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn entry(command: &[String]) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    let exec = words.join(" ");
    format!(
        "[Desktop Entry]\nType=Application\nName=Warta\nIcon=warta-desktop\nExec={exec}\nTerminal=false\n\
         X-GNOME-Autostart-enabled=true\n"
    )
}

/// A word of `Exec`: quoted by the rules of the Desktop Entry Specification, where a backslash of the
/// quoting is written twice, since the value is a string too.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./+=:@,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in word.chars() {
        match c {
            '"' | '`' | '$' => quoted.push_str("\\\\"),
            '\\' => quoted.push_str("\\\\\\"),
            '%' => quoted.push('%'),
            _ => {}
        }
        match c {
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether the desktop uses a file: its own tools switch a program off by these keys.
fn is_enabled(entry: &str) -> bool {
    let says = |wanted: &str| {
        entry.lines().any(|line| {
            let pair = line.split_once('=');
            pair.is_some_and(|(key, value)| format!("{}={}", key.trim(), value.trim()) == wanted)
        })
    };
    !says("Hidden=true") && !says("X-GNOME-Autostart-enabled=false")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_quoted_for_desktop_entries() {
        for (word, wanted) in [
            ("/usr/bin/warta-desktop", "/usr/bin/warta-desktop"),
            ("--hidden", "--hidden"),
            ("", r#""""#),
            ("/home/a b/data", r#""/home/a b/data""#),
            ("100%", r#""100%%""#),
            (r#"a"b"#, r#""a\\"b""#),
            ("a$b`c", r#""a\\$b\\`c""#),
            (r"a\b", r#""a\\\\b""#),
            ("a\nExec=evil", r#""a\nExec=evil""#),
        ] {
            assert_eq!(quoted(word), wanted, "{word}");
        }
    }

    #[test]
    fn the_desktops_own_tools_can_switch_it_off() {
        let entry = entry(&["/usr/bin/warta-desktop".into(), HIDDEN.into()]);
        assert!(entry.contains("\nExec=/usr/bin/warta-desktop --hidden\n"));
        assert!(is_enabled(&entry));
        assert!(!is_enabled(&format!("{entry}Hidden=true\n")));
        assert!(!is_enabled(
            &entry.replace("enabled=true", "enabled = false")
        ));
    }
}
