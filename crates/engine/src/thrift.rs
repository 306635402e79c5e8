//! What the machine asks to be sparing with: its battery, or a line that is paid for by the byte.

/// What there is to be sparing with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Thrift {
    /// Nothing, or the system does not tell.
    #[default]
    None,
    /// The machine runs on its battery.
    Battery,
    /// The line is metered.
    Metered,
}

impl Thrift {
    /// How many times as long the background waits between two syncs.
    pub(crate) fn patience(self) -> i64 {
        match self {
            Self::None => 1,
            Self::Battery => 2,
            Self::Metered => 4,
        }
    }
}

/// What the system tells. Blocks for some milliseconds.
#[must_use]
pub fn system_thrift() -> Thrift {
    if is_metered() {
        Thrift::Metered
    } else if is_on_battery() {
        Thrift::Battery
    } else {
        Thrift::None
    }
}

fn is_on_battery() -> bool {
    use starship_battery::{Manager, State};

    let batteries = Manager::new().and_then(|manager| manager.batteries());
    batteries.is_ok_and(|mut all| {
        all.any(|battery| battery.is_ok_and(|battery| battery.state() == State::Discharging))
    })
}

/// What `NetworkManager` says of the line: 1 is metered, 3 is a guess that it is.
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

/// Not asked there yet: the systems have interfaces for it that could not be tried.
#[cfg(not(target_os = "linux"))]
fn is_metered() -> bool {
    false
}
