//! How Linux draws the window when the machine has no graphics processor.
//!
//! `WebKitGTK` composes pages with OpenGL. Without a graphics processor Mesa computes that on the CPU,
//! frame by frame for the whole window: about 60 ms for 1440 × 900 pixels, against 16 ms without
//! composing (measured with `benches/reading.mjs`).

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Where the kernel lists graphics processors; those that can compute are named `renderD128` and up.
const DEVICES: &str = "/dev/dri";

/// What switches composing off. `WebKitGTK` reads it once, when it starts; its setting of the same
/// meaning leaves the wheel without effect when it is changed later (2.50).
const VARIABLE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// Replaces this process by one that does not compose pages, if that would be computed on the CPU.
/// Must be called before anything else is started. A value that the reader has set stays.
pub(crate) fn avoid_software_composing() {
    let is_forced = std::env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0");
    let is_software = is_forced || !has_graphics_processor(Path::new(DEVICES));
    if !is_software || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let error = match std::env::current_exe() {
        Ok(program) => Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(VARIABLE, "1")
            .exec(),
        Err(error) => error,
    };
    tracing::warn!(%error, "pages are composed on the CPU");
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
