//! Stores the reader's forwarding preferences and connected accounts.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;
use warta_net::is_private_host;
use warta_share::{Means, Preferences, service};

use crate::api::{
    Draft, Failure, FailureCode, Forwarding, OwnChannel, OwnMessage, Result, WhatsappContact,
};
use crate::context::{Context, checks};

/// Setting: forwarding preferences, as one JSON record.
pub(crate) const SETTINGS: &str = "forwarding";
/// Setting: accounts without their secrets, as one JSON record by service.
pub(crate) const RECORD: &str = "services";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    pub(super) address: String,
    pub(super) user: String,
    pub(super) client_id: String,
    /// Whether the service has accepted the account.
    pub(super) taken: bool,
}

/// Stores the reader's forwarding preferences.
pub(crate) struct SharePreferences {
    ctx: Arc<Context>,
}

impl SharePreferences {
    pub(crate) fn new(ctx: &Arc<Context>) -> Self {
        Self {
            ctx: Arc::clone(ctx),
        }
    }

    /// The reader's forwarding preferences.
    #[must_use]
    pub(crate) fn forwarding(&self) -> Forwarding {
        let json = self.ctx.store.setting(SETTINGS).ok().flatten();
        let mut set = json
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        // A repaired or imported store may hold values that the UI would refuse.
        for refused in checks::forwarding(&mut set) {
            tracing::warn!(?refused, "ignored an invalid forwarding preference");
        }
        set
    }

    /// Validates, normalises and stores forwarding preferences and returns them as stored.
    pub(crate) fn set_forwarding(&self, mut forwarding: Forwarding) -> Result<Forwarding> {
        if let Some(refused) = checks::forwarding(&mut forwarding).into_iter().next() {
            return Err(checks::refused(refused.why));
        }
        let json = serde_json::to_string(&forwarding)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.ctx.store.set_setting(SETTINGS, &json)?;
        Ok(forwarding)
    }

    pub(crate) fn preferences(&self) -> Preferences {
        let settings = self.ctx.settings();
        let (hl, gl) = (settings.google_news_language, settings.google_news_country);
        let ceid = format!("{gl}:{}", hl.split('-').next().unwrap_or(&hl));
        let set = self.forwarding();
        Preferences {
            language: settings.language,
            google_news: (hl, gl, ceid),
            via: settings.via_warta,
            order: set.order,
            hidden: set.hidden,
            messages: set
                .messages
                .into_iter()
                .map(|OwnMessage { channel, template }| (channel, template))
                .collect(),
            mastodon: set.mastodon,
            whatsapp_channel: warta_share::whatsapp_channel(&set.whatsapp_channel)
                .unwrap_or_default(),
            contacts: set
                .contacts
                .into_iter()
                .map(|WhatsappContact { name, number }| warta_share::Contact { name, number })
                .collect(),
            own: set
                .own
                .into_iter()
                .map(
                    |OwnChannel { id, name, template }| warta_share::OwnChannel {
                        id,
                        name,
                        template,
                    },
                )
                .collect(),
            services: self.connected_services(),
        }
    }

    /// Remembers whether WhatsApp's app or web version opened, for the next time.
    pub(super) fn remember_the_way(&self, draft: &Draft, opened: Option<&str>) -> Result<()> {
        let by_web = is_whatsapp(&draft.channel)
            && draft.target.as_deref() != opened
            && opened.is_some_and(|target| target.starts_with("https:"));
        let settings = self.ctx.settings();
        if by_web && !settings.whatsapp_in_browser {
            self.ctx.set_settings(crate::api::Settings {
                whatsapp_in_browser: true,
                ..settings
            })?;
        }
        Ok(())
    }

    pub(super) fn remember_channel(&self, channel: &str) -> Result<()> {
        let forwarding = self.forwarding();
        if forwarding.last_channel != channel {
            self.set_forwarding(Forwarding {
                last_channel: channel.to_owned(),
                ..forwarding
            })?;
        }
        Ok(())
    }

    pub(super) fn copies(&self, channel: &str) -> bool {
        let all = warta_share::channels(&self.preferences());
        all.iter()
            .any(|c| c.id == channel && matches!(c.means, Means::Copy | Means::CopyAndOpen))
    }

    pub(crate) fn connected_services(&self) -> Vec<String> {
        self.known().unwrap_or_default().into_keys().collect()
    }

    pub(super) fn remember_taken(&self, id: &str) -> Result<()> {
        let mut known = self.known()?;
        match known.get_mut(id) {
            Some(account) if !account.taken => account.taken = true,
            _ => return Ok(()),
        }
        self.keep_known(&known)
    }

    pub(super) fn known(&self) -> Result<BTreeMap<String, Account>> {
        let json = self.ctx.store.setting(RECORD)?.unwrap_or_default();
        let mut known: BTreeMap<String, Account> = serde_json::from_str(&json).unwrap_or_default();
        // A repaired or imported store may hold values that the UI would refuse.
        known.retain(|_, account| valid_address(&account.address).is_ok());
        Ok(known)
    }

    pub(super) fn keep_known(&self, known: &BTreeMap<String, Account>) -> Result<()> {
        let json = serde_json::to_string(known)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        Ok(self.ctx.store.set_setting(RECORD, &json)?)
    }
}

pub(super) fn is_whatsapp(channel: &str) -> bool {
    channel == "whatsapp" || channel.starts_with("whatsapp:")
}

/// Checks an address that secrets are sent to: https, or the reader's own network.
pub(super) fn valid_address(address: &str) -> Result<String> {
    let refused = |what: &str| Failure::new(FailureCode::BadAddress, what.to_owned());
    let with_scheme = if address.contains("://") {
        address.to_owned()
    } else {
        format!("https://{address}")
    };
    let url = Url::parse(with_scheme.trim())
        .ok()
        .filter(|url| url.has_host() && url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| refused("this is not a web address"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_private_host(&url) => {}
        _ => {
            return Err(refused(
                "secrets go to https addresses only, or into your own network",
            ));
        }
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Checks the accounts in an imported file; calls `refused` for each rejected one. The keyring may
/// hold secrets for the same service, so an account is accepted only with the service's default
/// address: a file must not decide where secrets are sent.
pub(crate) fn checked_record(json: &str, refused: &mut dyn FnMut(&str)) -> checks::Checked<String> {
    let mut known: BTreeMap<String, Account> =
        serde_json::from_str(json).map_err(|error| error.to_string())?;
    known.retain(|id, account| {
        let is_own = service::find(id).is_some_and(|service| {
            let own = valid_address(service.address).ok();
            own.is_some() && valid_address(&account.address).ok() == own
        });
        let is_short = [&account.user, &account.client_id]
            .iter()
            .all(|field| checks::length("", field, checks::SECRET).is_ok());
        account.taken = false;
        if !(is_own && is_short) {
            refused(id);
        }
        is_own && is_short
    });
    Ok(crate::context::records::json(&known))
}
