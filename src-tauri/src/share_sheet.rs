//! The system share sheet on Windows and macOS. Linux has none, so this is not compiled there. The
//! sheet does not report what the reader chose or whether anything was sent.

#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

use std::sync::mpsc;

use tauri::{Manager, WebviewWindow};
use warta_engine::{ShareSheet, Shared};

use crate::host::System;

#[cfg(target_os = "macos")]
pub(crate) use macos::is_there;
#[cfg(windows)]
pub(crate) use windows::is_there;

impl ShareSheet for System {
    fn open(&self, shared: &Shared) -> Result<(), String> {
        let window = self.0.get_webview_window("main");
        let window = window.ok_or("there is no window to open it over")?;
        let (over, shared) = (window.clone(), shared.clone());
        let (tell, told) = mpsc::channel();
        // Both systems require the window's thread.
        window
            .run_on_main_thread(move || {
                let _ = tell.send(open_over(&over, &shared));
            })
            .map_err(|error| error.to_string())?;
        told.recv()
            .unwrap_or_else(|_| Err("the window is closing".into()))
    }
}

#[cfg(windows)]
fn open_over(window: &WebviewWindow, shared: &Shared) -> Result<(), String> {
    let handle = window.hwnd().map_err(|error| error.to_string())?;
    windows::open(handle, &shared.title, &shared.text, shared.link.as_deref())
        .map_err(|error| error.to_string())
}

#[cfg(target_os = "macos")]
#[expect(
    unsafe_code,
    reason = "Tauri gives the window's view as a bare pointer"
)]
fn open_over(window: &WebviewWindow, shared: &Shared) -> Result<(), String> {
    let view = window.ns_view().map_err(|error| error.to_string())?;
    let view = view.cast::<objc2_app_kit::NSView>();
    // SAFETY: the view lives as long as its window, which is closed only on this thread.
    let view = unsafe { view.as_ref() }.ok_or("the window has no view")?;
    macos::open(view, &shared.title, &shared.text, shared.link.as_deref())
}
