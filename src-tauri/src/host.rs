//! The system's opener, clipboard and share sheet. Only Rust code can use them, and URLs are
//! checked against the engine's list of allowed schemes.

use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_opener::OpenerExt;
use warta_engine::Host;
#[cfg(any(windows, target_os = "macos"))]
use warta_engine::ShareSheet;

/// The system's opener, clipboard and, where available, share sheet.
pub(crate) struct System(pub(crate) AppHandle);

impl Host for System {
    fn open(&self, target: &str) -> Result<(), String> {
        let scheme = target.split(':').next().unwrap_or_default();
        if !has_handler(scheme) {
            return Err(format!("nothing opens {scheme}: links"));
        }
        self.0
            .opener()
            .open_url(target, None::<&str>)
            .map_err(|error| error.to_string())
    }

    fn copy(&self, text: &str) -> Result<(), String> {
        self.0
            .clipboard()
            .write_text(text)
            .map_err(|error| error.to_string())
    }

    fn copy_picture(&self, rgba: Vec<u8>, width: u32, height: u32) -> Result<(), String> {
        self.0
            .clipboard()
            .write_image(&tauri::image::Image::new_owned(rgba, width, height))
            .map_err(|error| error.to_string())
    }

    #[cfg(any(windows, target_os = "macos"))]
    fn share_sheet(&self) -> Option<&dyn ShareSheet> {
        crate::share_sheet::is_there().then_some(self)
    }
}

/// Whether an application is registered for a scheme. If that is unknown, returns true: the system
/// then reports the missing application itself.
#[cfg(target_os = "linux")]
fn has_handler(scheme: &str) -> bool {
    if matches!(scheme, "http" | "https") {
        return true;
    }
    std::process::Command::new("xdg-mime")
        .args(["query", "default", &format!("x-scheme-handler/{scheme}")])
        .output()
        .map_or(true, |answer| !answer.stdout.trim_ascii().is_empty())
}

#[cfg(not(target_os = "linux"))]
fn has_handler(_scheme: &str) -> bool {
    true
}
