//! Updates: a signed manifest is fetched at most once a day, within the data budget, and the reader is told
//! what it offers. A package is downloaded when the reader asks, and kept only if its signature is right;
//! the reader installs it. Deliberately absent: installing anything unasked.

mod release;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use semver::Version;
use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::{FetchError, Request, Response, Wanted};
use warta_text::file_name;

use crate::api::{
    Connection, Event, Failure, FailureCode, Result, UpdateOffer, UpdateProblem, UpdateView,
    UpdatesOff,
};
use crate::context::locks::locked;
use crate::context::records::{json, read};
use crate::context::{Context, blocking, off_thread};
use crate::network::connectivity::Connectivity;
use crate::offline::data_budget::DataBudget;

use release::{Package, Refusal, Release, is_fetchable, is_newer, verify};

/// The running version.
const CURRENT: &str = env!("CARGO_PKG_VERSION");
/// Key of the stored state, which is never restored into another store.
const RECORD: &str = "own/updates";
const DAY: i64 = 86_400;
/// How often Warta tests whether a check is due.
const TICK: Duration = Duration::from_hours(1);
/// Delay of the first check, so that it does not slow down the start.
const AFTER_START: Duration = Duration::from_mins(2);
/// Maximum size of a package, which is verified in memory.
const PACKAGE_BYTES: usize = 300 << 20;
/// What is appended to the manifest's address for its signature.
const SIGNATURE: &str = ".sig";

/// Where updates come from.
#[derive(Debug, Clone)]
pub struct UpdateSource {
    /// Address of the manifest; its signature is at the same address with `.sig` appended.
    pub address: String,
    /// Minisign's public key, as text or in Base64.
    pub public_key: String,
    /// Names this system's package in the manifest, e.g. `windows-x86_64`.
    pub target: String,
}

/// Whether this program looks for updates.
#[derive(Debug, Clone)]
pub enum Updating {
    /// It does not, for this reason.
    Off(UpdatesOff),
    /// It does, if the settings say so.
    From(UpdateSource),
}

/// What is remembered between starts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    /// When the manifest was last requested, successfully or not.
    checked_at: i64,
    /// The newest version that a signed manifest named: an older manifest is a replay.
    newest: Option<String>,
    offer: Option<Release>,
}

/// Looks for updates.
pub struct Updates {
    ctx: Arc<Context>,
    connectivity: Arc<Connectivity>,
    budget: Arc<DataBudget>,
    updating: Updating,
    kept: Mutex<Kept>,
    problem: Mutex<Option<UpdateProblem>>,
    /// Held during a check or download, so that only one runs at a time.
    running: tokio::sync::Mutex<()>,
}

impl Updates {
    pub(crate) fn new(
        ctx: &Arc<Context>,
        connectivity: &Arc<Connectivity>,
        budget: &Arc<DataBudget>,
        updating: Updating,
    ) -> Result<Self> {
        let kept = ctx.store.setting(RECORD)?;
        let updating = match updating {
            Updating::From(source) if !is_fetchable(&source.address) => {
                tracing::error!("updates are off: their address is not https");
                Updating::Off(UpdatesOff::NotConfigured)
            }
            other => other,
        };
        Ok(Self {
            ctx: Arc::clone(ctx),
            connectivity: Arc::clone(connectivity),
            budget: Arc::clone(budget),
            updating,
            kept: Mutex::new(kept.map(|kept| read(RECORD, &kept)).unwrap_or_default()),
            problem: Mutex::default(),
            running: tokio::sync::Mutex::default(),
        })
    }

    /// The state of updates.
    #[must_use]
    pub fn view(&self) -> UpdateView {
        let off = match self.updating {
            Updating::Off(reason) => Some(reason),
            Updating::From(_) => None,
        };
        let kept = locked(&self.kept).clone();
        let release = kept
            .offer
            .filter(|release| is_newer(&release.version, &current()));
        UpdateView {
            off,
            checked_at: (kept.checked_at > 0).then_some(kept.checked_at),
            offer: release
                .filter(|_| off.is_none())
                .map(|release| UpdateOffer {
                    version: release.version.to_string(),
                    date: release.date,
                    notes: release.notes,
                    downloadable: release.package.is_some(),
                }),
            problem: *locked(&self.problem),
        }
    }

    /// Looks for an update because the reader asked.
    pub async fn check(self: &Arc<Self>) -> Result<UpdateView> {
        let Updating::From(source) = &self.updating else {
            return Ok(self.view());
        };
        self.ctx.store.may_write()?;
        let _running = self.running.lock().await;
        let found = self.fetch_release(source).await;
        // A failed check is recorded too.
        let now = self.ctx.now();
        let (outcome, problem) = match found {
            Ok(release) => (Some(release), None),
            Err(problem) => (None, Some(problem)),
        };
        *locked(&self.problem) = problem;
        let is_news = blocking(self, move |this| this.keep(now, outcome)).await?;
        let view = self.view();
        if let Some(offer) = view.offer.as_ref().filter(|_| is_news) {
            let version = offer.version.clone();
            self.ctx.emit(Event::UpdateFound { version });
        }
        Ok(view)
    }

    /// Looks for an update if the settings want it, the last look was a day ago, and the data budget is not
    /// used up.
    pub async fn check_if_due(self: &Arc<Self>) -> Result<()> {
        let since = self.ctx.now() - locked(&self.kept).checked_at;
        let is_cut_off = matches!(
            self.connectivity.connection(),
            Connection::Offline | Connection::Portal
        );
        // A clock that was set back does not stop the checks.
        let is_due = !(0..DAY).contains(&since);
        if is_due
            && !is_cut_off
            && matches!(self.updating, Updating::From(_))
            && self.ctx.settings().check_for_updates
            && self.ctx.store.may_write().is_ok()
            && !self.budget.is_over_budget()
        {
            self.check().await?;
        }
        Ok(())
    }

    /// Looks for updates when that is due. Runs until dropped.
    pub async fn keep_checking(self: &Arc<Self>) {
        if matches!(self.updating, Updating::Off(_)) || self.ctx.store.may_write().is_err() {
            return;
        }
        tokio::time::sleep(AFTER_START).await;
        loop {
            if let Err(failure) = self.check_if_due().await {
                tracing::warn!(?failure, "cannot look for updates");
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Downloads the offered package into a folder and returns its path. A package whose signature is wrong
    /// is not written.
    pub async fn download(self: &Arc<Self>, folder: &Path) -> Result<PathBuf> {
        let Updating::From(source) = &self.updating else {
            return Err(Failure::not_found("update"));
        };
        let _running = self.running.lock().await;
        let offer = locked(&self.kept).offer.clone();
        let package = offer
            .filter(|release| is_newer(&release.version, &current()))
            .and_then(|release| release.package)
            .ok_or_else(|| Failure::not_found("update"))?;
        let bytes = self.fetch_package(&package).await?;
        let path = folder.join(name_of(&package.url));
        let key = source.public_key.clone();
        off_thread(move || {
            verify(&bytes, &package.signature, &key).map_err(|refusal| {
                tracing::error!(%refusal, "an update was refused");
                Failure::new(FailureCode::UpdateRefused, refusal.to_string())
            })?;
            warta_store::write_file(&path, &bytes)?;
            Ok(path)
        })
        .await?
    }

    async fn fetch_release(
        &self,
        source: &UpdateSource,
    ) -> std::result::Result<Release, UpdateProblem> {
        let signature = format!("{}{SIGNATURE}", source.address);
        let manifest = self.fetch(&source.address).await;
        let manifest = manifest.map_err(|error| unreachable_source(&error))?;
        let signature = self.fetch(&signature).await;
        let signature = signature.map_err(|error| unreachable_source(&error))?;
        let release = verify(
            &manifest,
            &String::from_utf8_lossy(&signature),
            &source.public_key,
        )
        .and_then(|()| release::read(&manifest, &source.target));
        release.map_err(|refusal| {
            tracing::error!(%refusal, "an update manifest was refused");
            match refusal {
                Refusal::Signature => UpdateProblem::WrongSignature,
                Refusal::Unreadable => UpdateProblem::Unreadable,
            }
        })
    }

    async fn fetch(&self, address: &str) -> std::result::Result<Vec<u8>, FetchError> {
        let request = Request {
            url: address.to_owned(),
            wanted: Wanted::Manifest,
            ..Request::default()
        };
        match self.ctx.http.fetch(request).await? {
            Response::Fetched(fetched) => Ok(fetched.bytes),
            Response::NotModified { .. } => Err(FetchError::Status {
                status: 304,
                retry_after: None,
            }),
        }
    }

    async fn fetch_package(&self, package: &Package) -> Result<Vec<u8>> {
        let request = Request {
            url: package.url.clone(),
            wanted: Wanted::Package,
            ..Request::default()
        };
        let mut download = self.ctx.http.download(request, None).await?;
        let mut bytes = Vec::new();
        while download.read(&mut bytes).await? {
            if bytes.len() > PACKAGE_BYTES {
                return Err(FetchError::TooLarge(PACKAGE_BYTES as u64).into());
            }
        }
        Ok(bytes)
    }

    /// Records a check. Returns whether it offers a version that was not offered before.
    fn keep(&self, now: i64, found: Option<Release>) -> Result<bool> {
        let mut kept = locked(&self.kept).clone();
        kept.checked_at = now;
        let mut is_news = false;
        if let Some(release) = found {
            let newest = kept
                .newest
                .as_deref()
                .and_then(|text| Version::parse(text).ok());
            if newest
                .as_ref()
                .is_some_and(|newest| release.version.cmp_precedence(newest).is_lt())
            {
                tracing::error!("an update manifest was refused: a newer one was seen before");
                *locked(&self.problem) = Some(UpdateProblem::Downgrade);
            } else {
                is_news = is_newer(&release.version, &current())
                    && newest.as_ref() != Some(&release.version);
                kept.newest = Some(release.version.to_string());
                kept.offer = Some(release);
            }
        }
        self.ctx.store.set_setting(RECORD, &json(&kept))?;
        *locked(&self.kept) = kept;
        Ok(is_news)
    }
}

fn unreachable_source(error: &FetchError) -> UpdateProblem {
    tracing::info!(%error, "updates could not be looked for");
    UpdateProblem::NotReached
}

/// The running version.
fn current() -> Version {
    // A test verifies that this parses.
    Version::parse(CURRENT).unwrap_or(Version::new(u64::MAX, 0, 0))
}

/// A safe file name from the end of an address.
fn name_of(address: &str) -> String {
    let url = Url::parse(address).ok();
    let last = url
        .as_ref()
        .and_then(|url| url.path_segments()?.next_back())
        .unwrap_or_default();
    let (stem, extension) = last.rsplit_once('.').unwrap_or((last, ""));
    file_name(if stem.is_empty() { "warta" } else { stem }, extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_version_can_be_compared() {
        assert_eq!(current().to_string(), CURRENT);
    }

    #[test]
    fn a_packages_name_is_safe() {
        for (address, name) in [
            (
                "https://e.org/v1/Warta_1.2.3_x64-setup.exe",
                "Warta_1.2.3_x64-setup.exe",
            ),
            ("https://e.org/a%2F..%2Fb.exe?x=/etc", "a%2F..%2Fb.exe"),
            ("https://e.org/", "warta"),
        ] {
            let found = name_of(address);
            assert!(!found.contains(['/', '\\']), "{found}");
            assert!(found.starts_with(&name[..1]), "{found}");
        }
        assert_eq!(
            name_of("https://e.org/Warta_1.2.3_x64-setup.exe"),
            "Warta_1.2.3_x64-setup.exe"
        );
    }
}
