//! Updates: where they come from, and whether this installation is one that Warta may update.
//!
//! Address and key are given when the program is built (`packaging/README.md`). Without them updates are
//! off, and so they are wherever something else keeps the program up to date.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager, State};
use tauri_plugin_opener::OpenerExt as _;
use warta_engine::api::{Failure, FailureCode, UpdateView, UpdatesOff};
use warta_engine::{DataFolder, FolderReason, UpdateSource, Updating};

use crate::commands::Result;
use crate::engine_handle::EngineHandle;

const ADDRESS: Option<&str> = option_env!("WARTA_UPDATE_ADDRESS");
const PUBLIC_KEY: Option<&str> = option_env!("WARTA_UPDATE_KEY");
/// Set by whoever packages Warta for a package manager.
const PACKAGER: Option<&str> = option_env!("WARTA_PACKAGED_BY");
/// Where Homebrew keeps its casks.
const CASKS: [&str; 2] = ["/opt/homebrew/Caskroom/warta", "/usr/local/Caskroom/warta"];

/// What is known of an installation.
struct Installation {
    system: &'static str,
    program: PathBuf,
    app_image: Option<PathBuf>,
    /// A package manager is known to have installed it.
    is_packaged: bool,
    is_portable: bool,
    is_writable: bool,
}

/// Where the updates of this program come from.
pub(crate) fn updating(folder: &DataFolder) -> Updating {
    let (Some(address), Some(key)) = (ADDRESS, PUBLIC_KEY) else {
        return Updating::Off(UpdatesOff::NotConfigured);
    };
    match hindrance(&Installation::current(folder)) {
        Some(reason) => Updating::Off(reason),
        None => Updating::From(UpdateSource {
            address: address.to_owned(),
            public_key: key.to_owned(),
            target: target(),
        }),
    }
}

impl Installation {
    fn current(folder: &DataFolder) -> Self {
        let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let app_image = variable("APPIMAGE").map(PathBuf::from);
        let program = std::env::current_exe().unwrap_or_default();
        let is_sandboxed = ["FLATPAK_ID", "SNAP"]
            .iter()
            .any(|name| variable(name).is_some());
        let is_cask =
            cfg!(target_os = "macos") && CASKS.iter().any(|cask| Path::new(cask).exists());
        let seen = app_image.as_deref().unwrap_or(&program);
        let is_packaged = PACKAGER.is_some() || is_sandboxed || is_cask;
        let is_portable = folder.reason == FolderReason::Portable;
        // Tried by writing, so only where it decides.
        let is_decided = is_packaged || is_portable;
        Self {
            system: std::env::consts::OS,
            is_packaged,
            is_portable,
            is_writable: !is_decided && seen.parent().is_some_and(is_writable),
            app_image,
            program,
        }
    }
}

fn is_writable(folder: &Path) -> bool {
    tempfile::tempfile_in(folder).is_ok()
}

/// Why Warta does not update an installation.
fn hindrance(of: &Installation) -> Option<UpdatesOff> {
    // On Linux Warta may update only an AppImage: all other files come from a package or a build.
    let is_of_package = of.system == "linux" && of.app_image.is_none();
    if of.is_portable {
        Some(UpdatesOff::Portable)
    } else if of.is_packaged || is_of_package || is_in_scoop(&of.program) {
        Some(UpdatesOff::Packaged)
    } else if of.is_writable {
        None
    } else {
        Some(UpdatesOff::ReadOnly)
    }
}

/// Scoop installs into `…/scoop/apps/NAME/VERSION`.
fn is_in_scoop(program: &Path) -> bool {
    let parts: Vec<_> = program.iter().collect();
    parts
        .windows(2)
        .any(|pair| pair[0].eq_ignore_ascii_case("scoop") && pair[1].eq_ignore_ascii_case("apps"))
}

/// This system in the manifest, as Tauri names it.
fn target() -> String {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    format!("{system}-{}", std::env::consts::ARCH)
}

/// What is known of updates.
#[tauri::command]
#[specta::specta]
pub(crate) async fn updates(handle: State<'_, EngineHandle>) -> Result<UpdateView> {
    Ok(handle.engine().await?.updates().view())
}

/// Looks for an update now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_for_updates(handle: State<'_, EngineHandle>) -> Result<UpdateView> {
    handle.engine().await?.updates().check().await
}

/// Downloads the offered package into the reader's folder for downloads, shows it there and returns its
/// path. The reader installs it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download_update(
    app: AppHandle,
    handle: State<'_, EngineHandle>,
) -> Result<String> {
    let folder = app
        .path()
        .download_dir()
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    let engine = handle.engine().await?;
    let path = engine.updates().download(&folder).await?;
    if let Err(error) = app.opener().reveal_item_in_dir(&path) {
        tracing::info!(%error, "the folder of the update was not opened");
    }
    Ok(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installation(system: &'static str, program: &str) -> Installation {
        Installation {
            system,
            program: program.into(),
            app_image: None,
            is_packaged: false,
            is_portable: false,
            is_writable: true,
        }
    }

    #[test]
    fn only_installations_of_nobody_else_are_updated() {
        let windows = || installation("windows", "Programs/Warta/warta-desktop.exe");
        let linux = || installation("linux", "/usr/bin/warta-desktop");
        let image = || Installation {
            app_image: Some("/home/ani/Warta.AppImage".into()),
            ..linux()
        };
        for (what, of, expected) in [
            ("an installer", windows(), None),
            ("an AppImage", image(), None),
            ("a package", linux(), Some(UpdatesOff::Packaged)),
            (
                "Scoop",
                installation("windows", "ani/scoop/apps/warta/current/warta-desktop.exe"),
                Some(UpdatesOff::Packaged),
            ),
            (
                "of Scoop, in capitals",
                installation("windows", "Scoop/Apps/warta/current/warta-desktop.exe"),
                Some(UpdatesOff::Packaged),
            ),
            (
                "a packager's build",
                Installation {
                    is_packaged: true,
                    ..windows()
                },
                Some(UpdatesOff::Packaged),
            ),
            (
                "a portable one",
                Installation {
                    is_portable: true,
                    ..image()
                },
                Some(UpdatesOff::Portable),
            ),
            (
                "a read-only place",
                Installation {
                    is_writable: false,
                    ..windows()
                },
                Some(UpdatesOff::ReadOnly),
            ),
        ] {
            assert_eq!(hindrance(&of), expected, "{what}");
        }
    }

    #[test]
    fn a_build_without_address_and_key_says_that_updates_are_off() {
        let folder = DataFolder {
            path: "/data".into(),
            reason: FolderReason::Usual,
        };
        let is_off = matches!(updating(&folder), Updating::Off(UpdatesOff::NotConfigured));
        assert_eq!(is_off, ADDRESS.is_none() || PUBLIC_KEY.is_none());
    }
}
