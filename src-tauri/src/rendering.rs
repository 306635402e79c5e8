//! How Linux draws the window when the machine has no graphics processor.
//!
//! `WebKitGTK` composes pages with OpenGL. Without a graphics processor Mesa computes that on the CPU,
//! frame by frame for the whole window: about 60 ms for 1440 × 900 pixels, against 16 ms without
//! composing (measured with `benches/reading.mjs`).

use std::path::Path;

use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt as _, WebViewExt as _};

/// Where the kernel lists graphics processors; those that can compute are named `renderD128` and up.
const DEVICES: &str = "/dev/dri";

/// Switches the composing of pages off if it would be computed on the CPU.
pub(crate) fn avoid_software_composing(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    let is_forced = std::env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0");
    if !is_forced && has_graphics_processor(Path::new(DEVICES)) {
        return Ok(());
    }
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

fn has_graphics_processor(devices: &Path) -> bool {
    devices.read_dir().is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            name.as_encoded_bytes().starts_with(b"renderD")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_render_node_is_a_graphics_processor() {
        let folder = tempfile::tempdir().unwrap();
        let devices = folder.path().join("dri");
        assert!(!has_graphics_processor(&devices), "no folder");
        std::fs::create_dir(&devices).unwrap();
        assert!(!has_graphics_processor(&devices), "an empty one");
        // A display without a processor, as of a server or a virtual machine.
        std::fs::create_dir(devices.join("card0")).unwrap();
        assert!(!has_graphics_processor(&devices));
        std::fs::create_dir(devices.join("renderD128")).unwrap();
        assert!(has_graphics_processor(&devices));
    }
}
