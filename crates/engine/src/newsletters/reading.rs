//! Reads an account's folder portion by portion. Of a message the header comes first, and the rest
//! only if its sender is a feed, so that other mail is not downloaded.
//!
//! A portion is stored with its articles before the position after it is: a kill in between repeats
//! the portion, whose articles are then known by their GUIDs.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use warta_mail::{Fetched, Heading, MailError, Newsletter, Sender, Session, portions};

use super::Newsletters;
use super::accounts::{Account, Mail};
use crate::api::Result;
use crate::context::blocking;

/// Number of headers fetched together.
const HEADERS: usize = 200;
/// Maximum number and bytes of messages fetched and stored together.
const PORTION: usize = 25;
const PORTION_BYTES: u64 = 4 << 20;
/// Of a larger message only the beginning is fetched.
const MESSAGE_BYTES: usize = 3 << 20;
/// Number of messages, the newest, of which the first reading of a folder looks at the headers.
const FIRST: usize = 1000;
/// How long a portion may take.
const PORTION_TIME: Duration = Duration::from_mins(5);
/// A date of a message that is later than its arrival by more than this is wrong.
const CLOCK_ERROR: i64 = 86_400;

/// A message to be stored.
pub(crate) struct Letter {
    pub(crate) newsletter: Newsletter,
    /// When it was sent, or else received.
    pub(crate) at: Option<i64>,
}

/// The messages of one sender, in the folder's order.
pub(crate) struct OfSender {
    pub(crate) key: String,
    pub(crate) name: String,
    /// Whether the sender is to become a feed.
    pub(crate) is_new: bool,
    pub(crate) letters: Vec<Letter>,
}

/// Messages to be stored together, and the account's record to be stored after them.
pub(crate) struct Portion {
    pub(crate) senders: Vec<OfSender>,
    pub(crate) after: Account,
}

/// An opened folder.
pub(crate) struct Reader {
    newsletters: Arc<Newsletters>,
    session: Session,
    account: Account,
    counted: u64,
    /// UIDs whose headers were not fetched yet.
    unseen: VecDeque<u32>,
    /// Messages to fetch, and the UID up to which everything is done after each portion.
    wanted: VecDeque<(Vec<u32>, u32)>,
    /// The position when reading began: what is before was skipped for the senders in `returned`.
    known_until: u32,
    returned: HashSet<String>,
    is_finished: bool,
}

impl Reader {
    /// Opens the account's folder.
    pub(crate) async fn open(
        newsletters: &Arc<Newsletters>,
        mut account: Account,
    ) -> Result<Mail<Self>> {
        let mut session = match newsletters.session(&account).await? {
            Ok(session) => session,
            Err(error) => return Ok(Err(error)),
        };
        let mailbox = match session.examine(&account.folder).await {
            Ok(mailbox) => mailbox,
            Err(error) => return Ok(Err(error)),
        };
        if mailbox.uid_validity != account.uid_validity {
            // The UIDs of before mean nothing now. Known messages are recognised by their GUIDs.
            account.uid_validity = mailbox.uid_validity;
            account.last_uid = 0;
            for known in account.known.values_mut() {
                known.skipped = None;
            }
        }
        let looked = account.clone();
        let turns = blocking(newsletters, move |this| this.turns(&looked)).await?;
        let returned: HashMap<&String, u32> = account
            .known
            .iter()
            .filter(|(key, _)| turns.get(*key) == Some(&true))
            .filter_map(|(key, known)| Some((key, known.skipped?)))
            .collect();
        let next = account.last_uid.saturating_add(1);
        let first = returned.values().copied().fold(next, u32::min);
        let uids = if mailbox.messages == 0 {
            Ok(Vec::new())
        } else {
            session.uids_from(first).await
        };
        let mut uids = match uids {
            Ok(uids) => uids,
            Err(error) => return Ok(Err(error)),
        };
        // Of a folder that is read for the first time, and of what was skipped, only the newest.
        let old_until = if account.last_uid == 0 {
            uids.len()
        } else {
            uids.partition_point(|uid| *uid <= account.last_uid)
        };
        uids.drain(..old_until.saturating_sub(FIRST));
        let returned = returned.into_keys().cloned().collect();
        Ok(Ok(Self {
            newsletters: Arc::clone(newsletters),
            session,
            counted: 0,
            unseen: uids.into(),
            wanted: VecDeque::new(),
            known_until: account.last_uid,
            account,
            returned,
            is_finished: false,
        }))
    }

    /// The next messages to store; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Mail<Option<Portion>>> {
        let host = self.account.host.clone();
        let next = timeout(PORTION_TIME, self.next_portion()).await;
        self.count_bytes();
        next.unwrap_or(Ok(Err(MailError::TimedOut(host))))
    }

    async fn next_portion(&mut self) -> Result<Mail<Option<Portion>>> {
        if self.wanted.is_empty() && !self.unseen.is_empty() {
            if let Err(error) = self.look_at_headers().await? {
                return Ok(Err(error));
            }
            if self.wanted.is_empty() {
                // Only the position moves on.
                return Ok(Ok(Some(Portion {
                    senders: Vec::new(),
                    after: self.account.clone(),
                })));
            }
        }
        let Some((uids, done_until)) = self.wanted.pop_front() else {
            return Ok(Ok(self.last_portion()));
        };
        let messages = match self.session.messages(&uids, MESSAGE_BYTES).await {
            Ok(messages) => messages,
            Err(error) => return Ok(Err(error)),
        };
        let senders = blocking(&self.newsletters, move |_| Ok(by_sender(messages))).await?;
        let mut portion = Vec::with_capacity(senders.len());
        for (sender, letters) in senders {
            let is_new = !self.account.known.contains_key(&sender.key);
            self.account.note(&sender, None);
            let newest = letters.iter().rev();
            let link = newest.filter_map(|letter| letter.newsletter.heading.unsubscribe.link());
            let link = link.map(str::to_owned).next();
            if let (Some(known), Some(link)) = (self.account.known.get_mut(&sender.key), link) {
                known.unsubscribe = Some(link);
            }
            portion.push(OfSender {
                key: sender.key,
                name: sender.name,
                is_new,
                letters,
            });
        }
        self.account.last_uid = self.account.last_uid.max(done_until);
        Ok(Ok(Some(Portion {
            senders: portion,
            after: self.account.clone(),
        })))
    }

    /// The record once everything was read.
    fn last_portion(&mut self) -> Option<Portion> {
        if std::mem::replace(&mut self.is_finished, true) {
            return None;
        }
        for key in &self.returned {
            if let Some(known) = self.account.known.get_mut(key) {
                known.skipped = None;
            }
        }
        Some(Portion {
            senders: Vec::new(),
            after: self.account.clone(),
        })
    }

    /// Fetches the next headers and decides which messages are fetched.
    async fn look_at_headers(&mut self) -> Result<Mail<()>> {
        let count = self.unseen.len().min(HEADERS);
        let uids: Vec<u32> = self.unseen.drain(..count).collect();
        let Some(last) = uids.last().copied() else {
            return Ok(Ok(()));
        };
        let heads = match self.session.headers(&uids).await {
            Ok(heads) => heads,
            Err(error) => return Ok(Err(error)),
        };
        let looked = self.account.clone();
        let turns = blocking(&self.newsletters, move |this| this.turns(&looked)).await?;
        let mut wanted: Vec<(u32, u32)> = Vec::new();
        for head in heads {
            let sender = Heading::read(&head.header).sender;
            let was_read = head.uid <= self.known_until && !self.returned.contains(&sender.key);
            if was_read {
                continue;
            }
            if turns
                .get(&sender.key)
                .copied()
                .unwrap_or(self.account.new_senders)
            {
                wanted.push((head.uid, head.size.min(MESSAGE_BYTES as u32)));
            } else if self.account.known.contains_key(&sender.key) {
                self.account.note(&sender, Some(head.uid));
            }
        }
        let portions = portions(&wanted, PORTION, PORTION_BYTES);
        let firsts = portions.iter().skip(1).filter_map(|uids| uids.first());
        let mut ends: Vec<u32> = firsts.map(|uid| uid - 1).collect();
        ends.push(last);
        if portions.is_empty() {
            self.account.last_uid = self.account.last_uid.max(last);
        }
        self.wanted.extend(portions.into_iter().zip(ends));
        Ok(Ok(()))
    }

    /// Counts what arrived for the data budget.
    fn count_bytes(&mut self) {
        let bytes = self.session.wire_bytes();
        let new = bytes - self.counted;
        self.newsletters.ctx.http.count_other_bytes(new);
        self.counted = bytes;
    }

    /// Bytes that the server has sent.
    pub(crate) fn wire_bytes(&self) -> u64 {
        self.session.wire_bytes()
    }

    /// Ends the session.
    pub(crate) async fn close(self) {
        self.session.close().await;
    }
}

fn by_sender(messages: Vec<Fetched>) -> Vec<(Sender, Vec<Letter>)> {
    let mut senders: Vec<(Sender, Vec<Letter>)> = Vec::new();
    for message in messages {
        let newsletter = Newsletter::read(&message.bytes);
        let received = message.received_at;
        let is_possible = |sent: &i64| received.is_none_or(|at| *sent <= at + CLOCK_ERROR);
        let sent = newsletter.date.filter(is_possible);
        let sender = newsletter.heading.sender.clone();
        let letter = Letter {
            newsletter,
            at: sent.or(received),
        };
        match senders
            .iter_mut()
            .find(|(known, _)| known.key == sender.key)
        {
            Some((known, letters)) => {
                *known = sender;
                letters.push(letter);
            }
            None => senders.push((sender, vec![letter])),
        }
    }
    senders
}
