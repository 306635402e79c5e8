//! How the window is drawn: `--software-rendering`, and Linux machines without a graphics processor.
//!
//! `WebKitGTK` composites pages with OpenGL. Without a graphics processor Mesa does that on the CPU,
//! for the whole window in each frame: about 60 ms for 1440 × 900 pixels, against 16 ms without
//! compositing (measured with `benches/reading.mjs`).

#[cfg_attr(target_os = "linux", path = "rendering/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "rendering/elsewhere.rs")]
mod system;

#[cfg(windows)]
pub(crate) use system::BROWSER_ARGUMENTS;
#[cfg(target_os = "linux")]
pub(crate) use system::restart_in_software;
pub(crate) use system::{CAN_CHOOSE, prepare};

/// The argument for software rendering.
const SOFTWARE: &str = "--software-rendering";
/// The same, after the web view crashed.
const AFTER_CRASH: &str = "--software-rendering=after-crash";

/// Whether this start was asked to draw without the graphics processor.
pub(crate) fn is_software() -> bool {
    has(SOFTWARE) || is_after_crash()
}

/// Whether Warta started itself again because the web view crashed.
pub(crate) fn is_after_crash() -> bool {
    has(AFTER_CRASH)
}

/// How the window is drawn, for diagnostics.
pub(crate) fn described() -> &'static str {
    match (is_software(), is_after_crash()) {
        (true, _) if !CAN_CHOOSE => {
            "as the system does it; --software-rendering has no effect here"
        }
        (true, true) => "software, because the web view crashed",
        (true, false) => "software, as asked for",
        (false, _) => system::usual(),
    }
}

fn has(wanted: &str) -> bool {
    std::env::args_os()
        .skip(1)
        .any(|argument| argument == wanted)
}
