//! Windows and macOS. WebView2 takes an argument ([`BROWSER_ARGUMENTS`]); WebKit on macOS has no choice.

/// Whether the window can be drawn without the graphics processor.
pub(crate) const CAN_CHOOSE: bool = cfg!(windows);

/// The web view's arguments: what wry gives it, and no graphics processor.
#[cfg(windows)]
pub(crate) const BROWSER_ARGUMENTS: &str =
    "--disable-features=msWebOOUI,msPdfOOUI,msSmartScreenProtection --disable-gpu";

/// Says where an argument has no effect.
pub(crate) fn prepare() {
    if super::is_software() && !CAN_CHOOSE {
        tracing::warn!("--software-rendering has no effect on this system");
    }
}

/// How the window is drawn when nothing was asked for.
pub(super) fn usual() -> &'static str {
    "as the system does it"
}
