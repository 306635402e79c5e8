//! Starts the service, as its own client library does.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Error, Result};

/// How long the program may take to start the service.
const PATIENCE: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_millis(20);

/// The program that starts the service.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: OsString,
}

impl Default for Launcher {
    fn default() -> Self {
        Self::new("speech-dispatcher")
    }
}

impl Launcher {
    /// A launcher with another program than `speech-dispatcher`.
    pub fn new(program: impl Into<OsString>) -> Self {
        Self {
            program: program.into(),
        }
    }

    /// Starts the service for a socket. The program ends once its service runs in the background.
    pub(crate) async fn start(&self, socket: &Path) -> Result<()> {
        let mut child = Command::new(&self.program)
            .args(["--spawn", "--communication-method", "unix_socket"])
            .arg("--socket-path")
            .arg(socket)
            // The service inherits these, and would keep pipes open.
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => Error::NotInstalled,
                _ => Error::NotStarted(error.to_string()),
            })?;
        let end = Instant::now() + PATIENCE;
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(Error::NotStarted(status.to_string())),
                Ok(None) if Instant::now() < end => sleep(INTERVAL).await,
                Ok(None) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(Error::NotStarted("it did not start in time".into()));
                }
                Err(error) => return Err(Error::NotStarted(error.to_string())),
            }
        }
    }
}
