//! `newsletters`: mail accounts whose newsletters are feeds. The password comes from the terminal or
//! standard input, never from an argument, which other programs can see.

use std::io::{BufRead, IsTerminal};

use serde_json::json;
use warta_engine::api::{MailAccount, MailSecurity, MailSender, MailSetup, MailTrial, SecretsKept};
use warta_engine::{Engine, system_clock};

use crate::arguments::{MailEncryption, MailServer, NewsletterCommand};
use crate::open::{Place, on_runtime};
use crate::output::{Done, Ended, Output, remark};
use crate::text::{ago, column, counted};

/// Maximum length of a password, in bytes.
const MAX_PASSWORD: u64 = 8_000;

pub(crate) fn run(what: &NewsletterCommand, place: &Place, out: &mut Output) -> Done {
    let engine = place.open()?;
    match what {
        NewsletterCommand::Add {
            server,
            senders,
            only_these,
            into,
        } => add(&engine, server, senders, *only_these, into, out),
        NewsletterCommand::List => list(&engine, out),
        NewsletterCommand::Check { id } => check(&engine, id, out),
        NewsletterCommand::Remove { id } => {
            engine.newsletters().remove(id)?;
            if out.is_json() {
                return out.json(&json!({ "removed": id }));
            }
            out.line("Removed the account. Its feeds stay, and get no more newsletters.")
        }
    }
}

fn add(
    engine: &Engine,
    server: &MailServer,
    keys: &[String],
    only_these: bool,
    into: &[String],
    out: &mut Output,
) -> Done {
    let mut setup = setup(server)?;
    setup.password = Some(password(&setup.user)?);
    let newsletters = engine.newsletters();
    let found = on_runtime(newsletters.trial(setup.clone()))??;
    let is_chosen = |sender: &MailSender| match keys {
        [] => sender.is_newsletter,
        keys => keys
            .iter()
            .any(|key| *key == sender.key || *key == sender.address),
    };
    let (chosen, others): (Vec<MailSender>, Vec<MailSender>) =
        found.senders.into_iter().partition(is_chosen);
    if let Some(missing) = keys.iter().find(|key| {
        chosen
            .iter()
            .all(|sender| sender.key != **key && sender.address != **key)
    }) {
        return Err(Ended::Failed(format!(
            "nothing in {} is from {missing}",
            setup.folder
        )));
    }
    let added = newsletters.add(&setup, &chosen, &others, !only_these, into)?;
    if added.secrets == SecretsKept::Session {
        remark(
            "This system has no keyring, so the password is not stored: the account cannot be read.",
        );
    }
    if out.is_json() {
        return out.json(&added);
    }
    out.line(format!(
        "Added {} ({}) as account {}: {}.",
        added.account.user,
        added.account.folder,
        added.account.id,
        counted(added.feeds.len() as u64, "feed")
    ))?;
    for sender in &chosen {
        out.line(format!("  {}", line_of(sender)))?;
    }
    Ok(())
}

fn list(engine: &Engine, out: &mut Output) -> Done {
    let accounts = engine.newsletters().accounts()?;
    if out.is_json() {
        return accounts.iter().try_for_each(|account| out.json(account));
    }
    if accounts.is_empty() {
        return out.line("No mail account. `warta newsletters add you@example.org` adds one.");
    }
    let now = system_clock().now();
    for account in &accounts {
        out.line(shown(account, now))?;
    }
    Ok(())
}

fn shown(account: &MailAccount, now: i64) -> String {
    let state = match (&account.failure, account.checked_at) {
        (Some(failure), _) => format!("failed: {}", failure.detail),
        (None, Some(at)) => format!("read {}", ago(now, at)),
        (None, None) => "not read yet".into(),
    };
    format!(
        "{} {} · {} on {} · {} · {state}",
        account.id,
        account.user,
        account.folder,
        account.host,
        counted(u64::from(account.feeds), "feed"),
    )
}

/// Signs in with the stored password and lists the senders.
fn check(engine: &Engine, id: &str, out: &mut Output) -> Done {
    let newsletters = engine.newsletters();
    let accounts = newsletters.accounts()?;
    let Some(account) = accounts.into_iter().find(|account| account.id == id) else {
        return Err(Ended::Failed(format!("there is no mail account {id}")));
    };
    let setup = MailSetup {
        host: account.host,
        port: account.port,
        security: account.security,
        user: account.user,
        password: None,
        folder: account.folder,
    };
    let found: MailTrial = on_runtime(newsletters.trial(setup))??;
    if out.is_json() {
        return out.json(&found);
    }
    out.line(counted(u64::from(found.messages), "message"))?;
    for sender in &found.senders {
        out.line(format!("  {}", line_of(sender)))?;
    }
    Ok(())
}

fn line_of(sender: &MailSender) -> String {
    let kind = if sender.is_newsletter {
        ""
    } else {
        " (no mailing list)"
    };
    format!(
        "{} {:>4}  {}{kind}",
        column(&sender.name, 36),
        sender.messages,
        sender.key
    )
}

fn setup(server: &MailServer) -> Done<MailSetup> {
    let guess = warta_engine::Newsletters::guess(&server.address);
    let host = server
        .host
        .clone()
        .or_else(|| guess.as_ref().map(|guess| guess.host.clone()));
    let Some(host) = host else {
        return Err(Ended::Failed(format!(
            "`{}` is not a mail address; name its server with --host",
            server.address
        )));
    };
    if server.host.is_none() && guess.as_ref().is_some_and(|guess| guess.needs_app_password) {
        remark("This provider wants an app password, made in its account settings.");
    }
    let (security, port) = match server.encryption {
        MailEncryption::Tls => (MailSecurity::Tls, 993),
        MailEncryption::Starttls => (MailSecurity::StartTls, 143),
        MailEncryption::None => (MailSecurity::None, 143),
    };
    Ok(MailSetup {
        host,
        port: server.port.unwrap_or(port),
        security,
        user: server
            .user
            .clone()
            .unwrap_or_else(|| server.address.clone()),
        password: None,
        folder: server.mailbox.clone(),
    })
}

/// Asks for the password in the terminal, without showing it; else reads a line of standard input.
fn password(user: &str) -> Done<String> {
    let input = std::io::stdin();
    let read = if input.is_terminal() {
        rpassword::prompt_password(format!("Password of {user}: "))
    } else {
        let mut line = String::new();
        let mut input = std::io::Read::take(input.lock(), MAX_PASSWORD);
        input.read_line(&mut line).map(|_| line)
    };
    let read =
        read.map_err(|error| Ended::Failed(format!("the password could not be read: {error}")))?;
    let password = read.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Ended::Failed("no password was given".into()));
    }
    Ok(password)
}
