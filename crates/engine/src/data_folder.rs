//! Which data folder a program uses: the one it was given, else one beside a portable program, else the
//! system's folder for the app's data.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::api::{Failure, FailureCode};

/// The desktop app's identifier, as in `tauri.conf.json`, which names the usual data folder.
pub const IDENTIFIER: &str = "org.warta.reader";

/// The file beside the program that makes it portable. Its content does not matter.
const PORTABLE: &str = "portable.txt";
/// The data folder beside a portable program.
const BESIDE: &str = "warta-data";

/// A data folder, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    /// The folder, which may not exist yet.
    pub path: PathBuf,
    /// Why it is used.
    pub reason: FolderReason,
}

/// Why a data folder is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderReason {
    /// `--data-dir` or `$WARTA_DATA_DIR` names it.
    Given,
    /// `portable.txt` is beside the program.
    Portable,
    /// The system's folder for the app's data.
    Usual,
}

impl DataFolder {
    /// The folder to use; `given` is the value of `--data-dir`. `None` if the system has none for apps.
    #[must_use]
    pub fn find(given: Option<PathBuf>) -> Option<Self> {
        Self::own(given).or_else(|| {
            Some(Self {
                path: dirs::data_dir()?.join(IDENTIFIER),
                reason: FolderReason::Usual,
            })
        })
    }

    /// Like [`DataFolder::find`], but `None` instead of the system's folder.
    #[must_use]
    pub fn own(given: Option<PathBuf>) -> Option<Self> {
        let named = || {
            std::env::var_os("WARTA_DATA_DIR")
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from)
        };
        if let Some(path) = given.or_else(named) {
            let reason = FolderReason::Given;
            return Some(Self { path, reason });
        }
        let place = place_of(
            &std::env::current_exe().ok()?,
            std::env::var_os("APPIMAGE").as_deref(),
        )?;
        place.join(PORTABLE).is_file().then(|| Self {
            path: place.join(BESIDE),
            reason: FolderReason::Portable,
        })
    }

    /// Explains a failure to open the engine: if a portable folder is read-only, the message says so and
    /// names `portable.txt`.
    #[must_use]
    pub fn explained(&self, failure: Failure) -> Failure {
        if self.reason != FolderReason::Portable || failure.code != FailureCode::ReadOnly {
            return failure;
        }
        Failure {
            code: FailureCode::PortableReadOnly,
            message: format!(
                "{PORTABLE} is beside the program, so that the data belongs into {}, which cannot be \
                 written: move the program to a folder that can be written, or remove {PORTABLE}",
                self.path.display()
            ),
            detail: failure.detail,
        }
    }
}

/// The folder in which the reader sees the program: that of an `AppImage`'s file, or of a macOS bundle.
fn place_of(program: &Path, app_image: Option<&OsStr>) -> Option<PathBuf> {
    if let Some(image) = app_image.filter(|image| !image.is_empty()) {
        return Path::new(image).parent().map(Path::to_owned);
    }
    let folder = program.parent()?;
    let bundle = folder
        .ends_with("Contents/MacOS")
        .then(|| folder.ancestors().nth(3))
        .flatten();
    Some(bundle.unwrap_or(folder).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_program_is_where_the_reader_sees_it() {
        for (program, image, place) in [
            ("/opt/warta/warta", None, "/opt/warta"),
            (
                "/tmp/.mount_x/usr/bin/warta-desktop",
                Some("/home/ani/Warta.AppImage"),
                "/home/ani",
            ),
            ("/stick/warta", Some(""), "/stick"),
            (
                "/Volumes/Stick/Warta.app/Contents/MacOS/warta-desktop",
                None,
                "/Volumes/Stick",
            ),
        ] {
            let found = place_of(Path::new(program), image.map(OsStr::new));
            assert_eq!(found.as_deref(), Some(Path::new(place)), "{program}");
        }
    }

    #[test]
    fn only_a_portable_folder_that_cannot_be_written_is_explained() {
        let failure = |code| Failure::new(code, "the data folder cannot be written");
        let folder = |reason| DataFolder {
            path: "/stick/warta-data".into(),
            reason,
        };
        let portable = folder(FolderReason::Portable);
        let explained = portable.explained(failure(FailureCode::ReadOnly));
        assert_eq!(explained.code, FailureCode::PortableReadOnly);
        assert!(explained.message.contains("/stick/warta-data"));
        for (folder, code) in [
            (&portable, FailureCode::InUse),
            (&folder(FolderReason::Usual), FailureCode::ReadOnly),
            (&folder(FolderReason::Given), FailureCode::ReadOnly),
        ] {
            assert_eq!(folder.explained(failure(code)), failure(code));
        }
    }
}
