//! Where the service listens.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// Port of the service on TCP.
const PORT: u16 = 6560;

/// Where the service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A Unix socket.
    Unix(PathBuf),
    /// TCP on a loopback address.
    Tcp(SocketAddr),
}

impl Address {
    /// The address in `SPEECHD_ADDRESS`, else the usual socket of this user.
    pub fn from_environment() -> Result<Self> {
        let folder = |name| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let runtime = folder("XDG_RUNTIME_DIR")
            .or_else(|| folder("XDG_CACHE_HOME"))
            .or_else(|| folder("HOME").map(|home| home.join(".cache")));
        let given = std::env::var_os("SPEECHD_ADDRESS");
        let given = given.as_ref().map(|given| given.to_string_lossy());
        Self::parse(given.as_deref().unwrap_or_default(), runtime.as_deref())
    }

    /// Parses the value of `SPEECHD_ADDRESS`: `unix_socket`, `unix_socket:/PATH`, `inet_socket`,
    /// `inet_socket:HOST` or `inet_socket:HOST:PORT`; empty for the usual socket in `runtime`, the
    /// user's folder for runtime files. Hosts are not looked up.
    pub fn parse(given: &str, runtime: Option<&Path>) -> Result<Self> {
        let (method, rest) = given.split_once(':').unwrap_or((given, ""));
        match (method, rest) {
            ("" | "unix_socket", "") => runtime
                .map(|folder| Self::Unix(folder.join("speech-dispatcher/speechd.sock")))
                .ok_or_else(|| Error::NotLocal("there is no folder for the socket".into())),
            ("unix_socket", path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            ("inet_socket", "") => Ok(Self::Tcp((Ipv4Addr::LOCALHOST, PORT).into())),
            ("inet_socket", rest) => loopback(rest)
                .map(Self::Tcp)
                .ok_or_else(|| Error::NotLocal(given.into())),
            _ => Err(Error::NotLocal(given.into())),
        }
    }
}

fn loopback(text: &str) -> Option<SocketAddr> {
    let host = |host: &str| match host {
        "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        _ => host.parse().ok(),
    };
    let address = text.parse().ok().or_else(|| {
        if let Some(only) = host(text) {
            return Some((only, PORT).into());
        }
        let (name, port) = text.rsplit_once(':')?;
        Some((host(name)?, port.parse().ok()?).into())
    });
    address.filter(|address: &SocketAddr| address.ip().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_this_computer_are_accepted() {
        let parse = |given| Address::parse(given, Some(Path::new("/run/user/1000")));
        let unix = |path: &str| Address::Unix(path.into());
        let usual = unix("/run/user/1000/speech-dispatcher/speechd.sock");
        for (given, expected) in [
            ("", usual.clone()),
            ("unix_socket", usual),
            ("unix_socket:/tmp/a b.sock", unix("/tmp/a b.sock")),
            ("inet_socket", Address::Tcp(([127, 0, 0, 1], 6560).into())),
            (
                "inet_socket:localhost:7000",
                Address::Tcp(([127, 0, 0, 1], 7000).into()),
            ),
            (
                "inet_socket:127.0.0.2",
                Address::Tcp(([127, 0, 0, 2], 6560).into()),
            ),
            (
                "inet_socket:[::1]:7000",
                Address::Tcp((std::net::Ipv6Addr::LOCALHOST, 7000).into()),
            ),
            (
                "inet_socket:::1",
                Address::Tcp((std::net::Ipv6Addr::LOCALHOST, 6560).into()),
            ),
        ] {
            assert_eq!(parse(given).ok(), Some(expected), "{given}");
        }
        for bad in [
            "inet_socket:192.168.1.4:6560",
            "inet_socket:10.0.0.1",
            "inet_socket:0.0.0.0:6560",
            "inet_socket:speech.example:6560",
            "inet_socket:localhost.example",
            "inet_socket:[2001:db8::1]:6560",
            "inet_socket:localhost:70000",
            "unix_socket:relative.sock",
            "tcp:127.0.0.1",
            "nonsense",
        ] {
            assert!(matches!(parse(bad), Err(Error::NotLocal(_))), "{bad}");
        }
        assert!(matches!(Address::parse("", None), Err(Error::NotLocal(_))));
    }
}
