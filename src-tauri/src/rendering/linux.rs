//! Linux. `WebKitGTK` and Mesa read the environment once, so the program replaces itself by one with the
//! variables set.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use super::{AFTER_CRASH, is_software};
use crate::start::given_data_dir;

/// The window can be drawn without the graphics processor.
pub(crate) const CAN_CHOOSE: bool = true;

/// Where the kernel lists graphics processors; those that can compute are named `renderD128` and up.
const DEVICES: &str = "/dev/dri";

/// Turns compositing off. `WebKitGTK` reads the variable once, when it starts. Changing the setting with
/// the same effect later leaves the mouse wheel without effect (2.50).
const NO_COMPOSING: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// The variables for software rendering: no compositing, no DMA-BUF buffers, OpenGL on the CPU.
const SOFTWARE: [&str; 3] = [
    NO_COMPOSING,
    "WEBKIT_DISABLE_DMABUF_RENDERER",
    "LIBGL_ALWAYS_SOFTWARE",
];

/// Restarts the program with variables for software rendering, if it needs them and they are not set. Must
/// be called before the web view is started. Values that the reader has set stay.
pub(crate) fn prepare() {
    let is_mesa_forced =
        std::env::var_os("LIBGL_ALWAYS_SOFTWARE").is_some_and(|value| value != "0");
    let wanted = if is_software() {
        &SOFTWARE[..]
    } else if is_mesa_forced || !has_graphics_processor(Path::new(DEVICES)) {
        &SOFTWARE[..1]
    } else {
        return;
    };
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|name| std::env::var_os(name).is_none())
        .collect();
    if !missing.is_empty() {
        replace_by(std::env::args_os().skip(1), &missing);
    }
}

/// Replaces this process by one that draws without the graphics processor. The store must be closed.
pub(crate) fn restart_in_software() {
    // Links that were opened are not opened again.
    let mut arguments = vec![OsString::from(AFTER_CRASH)];
    if let Some(folder) = given_data_dir() {
        arguments.push(OsString::from("--data-dir"));
        arguments.push(folder.into_os_string());
    }
    replace_by(arguments, &SOFTWARE);
}

/// Replaces this process by one with these variables. Returns only if that fails.
fn replace_by(arguments: impl IntoIterator<Item = OsString>, variables: &[&str]) {
    let error = match std::env::current_exe() {
        Ok(program) => Command::new(program)
            .args(arguments)
            .envs(variables.iter().map(|name| (name, "1")))
            .exec(),
        Err(error) => error,
    };
    tracing::warn!(%error, "the way of drawing could not be changed");
}

/// How the window is drawn when nothing was asked for.
pub(super) fn usual() -> &'static str {
    if std::env::var_os(NO_COMPOSING).is_some() {
        "without composing"
    } else {
        "with the graphics processor"
    }
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
