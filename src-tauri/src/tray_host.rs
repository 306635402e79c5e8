//! Whether the system has a tray that shows icons. On Linux that is asked over the session bus; Windows and
//! macOS always have one.

#[cfg_attr(target_os = "linux", path = "tray_host/linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "tray_host/elsewhere.rs")]
mod system;

pub(crate) use system::{is_there, watch};
