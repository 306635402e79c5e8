//! Detects battery power and metered connections.

use std::sync::Arc;

use crate::context::{Context, off_thread};

/// Why syncs should be less frequent or fetch less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResourceConstraint {
    /// No constraint, or unknown.
    #[default]
    None,
    /// The machine runs on battery power.
    Battery,
    /// The connection is metered.
    Metered,
}

impl ResourceConstraint {
    /// Factor for the time between two automatic syncs.
    pub(crate) fn sync_interval_multiplier(self) -> i64 {
        match self {
            Self::None => 1,
            Self::Battery => 2,
            Self::Metered => 4,
        }
    }
}

type Detect = Arc<dyn Fn() -> ResourceConstraint + Send + Sync>;

/// Returns the current resource constraint if the reader wants it considered.
pub(crate) struct Power {
    ctx: Arc<Context>,
    detect: Detect,
}

impl Power {
    pub(crate) fn new(ctx: &Arc<Context>, detect: Detect) -> Self {
        Self {
            ctx: Arc::clone(ctx),
            detect,
        }
    }

    pub(crate) async fn constraint(&self) -> ResourceConstraint {
        if !self.ctx.settings().spare {
            return ResourceConstraint::None;
        }
        let detect = Arc::clone(&self.detect);
        off_thread(move || detect()).await.unwrap_or_default()
    }
}

/// The constraint reported by the system. Takes a few milliseconds.
#[must_use]
pub fn system_resource_constraint() -> ResourceConstraint {
    if is_metered() {
        ResourceConstraint::Metered
    } else if is_on_battery() {
        ResourceConstraint::Battery
    } else {
        ResourceConstraint::None
    }
}

fn is_on_battery() -> bool {
    use starship_battery::{Manager, State};

    let batteries = Manager::new().and_then(|manager| manager.batteries());
    batteries.is_ok_and(|mut all| {
        all.any(|battery| battery.is_ok_and(|battery| battery.state() == State::Discharging))
    })
}

/// Queries `NetworkManager`: 1 means metered, 3 means probably metered.
#[cfg(target_os = "linux")]
fn is_metered() -> bool {
    let asked = || -> zbus::Result<u32> {
        let bus = zbus::blocking::Connection::system()?;
        let name = "org.freedesktop.NetworkManager";
        let path = "/org/freedesktop/NetworkManager";
        zbus::blocking::Proxy::new(&bus, name, path, name)?.get_property("Metered")
    };
    matches!(asked(), Ok(1 | 3))
}

/// Not implemented on other systems, where it could not be tested.
#[cfg(not(target_os = "linux"))]
fn is_metered() -> bool {
    false
}
