//! Damages a store's files at random, lets the store open and repair itself, and compares with what is
//! known to have been in it. What must still be there is worked out here from the damaged files
//! alone, with a reader of records of its own: never by asking the code under test.
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use warta_store::{
    Added, ArticleId, Audio, Checkup, FeedBatch, FeedFacts, FeedId, Forward, ForwardState,
    ListQuery, Mark, NewArticle, NewFeed, Options, Picture, PictureId, Place, Repaired,
    SearchRequest, Store, StoreError, repair,
};

const NOW: i64 = 1_795_500_000;
const FEEDS: usize = 3;
const ARTICLES: usize = 6;
const ALL: ListQuery = ListQuery {
    place: Place::All,
    unread_only: false,
    before: None,
    limit: 1_000,
};

/// A seeded pseudo-random number generator.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// A failure of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Panic,
    /// The store neither opened nor could be repaired.
    Locked,
    /// Something whose own bytes are sound is not there.
    Missing,
    /// Data is lost without being reported.
    Unreported,
    /// A report says that something is lost which is not, or counts it wrongly.
    WrongReport,
    /// Search does not find what the store contains.
    Search,
    /// A repaired store is not sound, or has to be repaired again.
    NotRepaired,
}

#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    pub(crate) round: u64,
    pub(crate) what: String,
}

struct Told {
    id: ArticleId,
    read: bool,
    saved: bool,
    /// Marked after the last snapshot.
    late: bool,
    title_word: String,
    text_word: String,
    /// Its record in the log.
    raw: Vec<u8>,
}

/// A sound store and its content.
pub(crate) struct Template {
    dir: tempfile::TempDir,
    files: BTreeMap<PathBuf, Vec<u8>>,
    articles: BTreeMap<String, Told>,
    /// Address to own title and folder.
    feeds: BTreeMap<String, (Option<String>, Option<String>)>,
    settings: BTreeMap<String, String>,
    late_setting: (String, String),
    searches: BTreeSet<(String, String)>,
    forwards: BTreeSet<String>,
    /// Address, bytes and record.
    pictures: Vec<(String, Vec<u8>, Vec<u8>)>,
    sounds: Vec<(Audio, Vec<u8>)>,
}

fn options() -> Options {
    Options {
        reserve_bytes: 0,
        automatic_snapshots: false,
        ..Options::default()
    }
}

fn word(kind: &str, feed: usize, article: usize) -> String {
    // Letters only, and no two share a stem.
    let letter = |number: usize| char::from(b'a' + number as u8);
    format!("{kind}{}q{}x", letter(feed), letter(article))
}

impl Template {
    #[expect(
        clippy::too_many_lines,
        reason = "a story told from its beginning to its end"
    )]
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = Numbers::of(seed);
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_with(dir.path(), options()).unwrap();
        let mut articles = BTreeMap::new();
        let mut feeds = BTreeMap::new();
        let folders = ["Berita", "Sains"].map(|name| store.folders().named(name).unwrap());
        let mut ids: Vec<FeedId> = Vec::new();
        for feed in 0..FEEDS {
            let url = format!("https://feed/{feed}");
            let new = NewFeed {
                url: url.clone(),
                title: Some(format!("Feed {feed}")),
                ..NewFeed::default()
            };
            let id = match store.add_feeds(&[new], NOW - 5_000).unwrap().as_slice() {
                [Added::New(id)] => *id,
                other => panic!("{other:?}"),
            };
            let title = (feed != 1).then(|| format!("Mine {feed}"));
            let folder = (feed < 2).then(|| folders[feed]);
            store
                .update_feed(id, &mut |feed| {
                    feed.custom_title.clone_from(&title);
                    feed.folder = folder;
                })
                .unwrap();
            let name = (feed < 2).then(|| ["Berita", "Sains"][feed].to_owned());
            feeds.insert(url, (title, name));
            ids.push(id);
        }
        for (feed, id) in ids.iter().enumerate() {
            let batch = (0..ARTICLES)
                .map(|article| {
                    let noise = numbers.bytes(200 + 40 * article);
                    let noise: Vec<String> = noise.iter().map(u8::to_string).collect();
                    let noise = noise.join(" ");
                    NewArticle {
                        guid: format!("{feed}-{article}"),
                        url: Some(format!("https://feed/{feed}/{article}")),
                        title: format!("Kabar {}", word("judul", feed, article)),
                        published: Some(NOW - 100 - article as i64),
                        excerpt: format!("Ringkasan {feed} {article}"),
                        html: format!("<p>{} {noise}</p>", word("teks", feed, article)),
                        ..NewArticle::default()
                    }
                })
                .collect();
            let committed = store
                .commit(FeedBatch {
                    feed: *id,
                    facts: FeedFacts::default(),
                    articles: batch,
                    received_at: NOW - 90,
                })
                .unwrap();
            for (article, id) in committed.new.into_iter().enumerate() {
                let told = Told {
                    id,
                    read: article % 3 == 1,
                    saved: article == 2,
                    late: false,
                    title_word: word("judul", feed, article),
                    text_word: word("teks", feed, article),
                    raw: Vec::new(),
                };
                articles.insert(format!("{feed}-{article}"), told);
            }
            if feed == 0 {
                store.snapshot(NOW - 1_000).unwrap();
            }
        }
        for told in articles.values() {
            let mark = Mark {
                read: Some(told.read),
                saved: Some(told.saved),
            };
            store.mark(&[told.id], mark, NOW - 50).unwrap();
        }
        let mut settings = BTreeMap::new();
        for (name, json) in [
            ("theme", "\"dark\""),
            ("own/trail", "[1,2]"),
            ("size", "17"),
        ] {
            store.set_setting(name, json).unwrap();
            settings.insert(name.to_owned(), json.to_owned());
        }
        let mut searches = BTreeSet::new();
        for (name, query) in [("Air", "banjir"), ("Gempa", "gempa bumi")] {
            store.saved_searches().save(name, query).unwrap();
            searches.insert((name.to_owned(), query.to_owned()));
        }
        let mut forwards = BTreeSet::new();
        for n in 0..2 {
            let forward = Forward {
                id: 0,
                at: NOW - n,
                article: None,
                channel: "email".into(),
                title: "T".into(),
                message: format!("message {n}"),
                target: None,
                state: ForwardState::Opened,
            };
            forwards.insert(forward.message.clone());
            store.forwards().append(forward).unwrap();
        }
        let mut pictures = Vec::new();
        for n in 0..4 {
            let url = format!("https://picture/{n}");
            let bytes = numbers.bytes(1_500 + 300 * n);
            let picture = Picture {
                bytes: bytes.clone(),
                media_type: "image/png".into(),
                width: 3,
                height: 4,
            };
            store.pictures().keep(&url, &picture).unwrap();
            pictures.push((url, bytes, Vec::new()));
        }
        let mut sounds = Vec::new();
        for n in 0..2 {
            let url = format!("https://sound/{n}.mp3");
            let id = Audio::id_of(&url);
            let bytes = numbers.bytes(3_000 + n * 500);
            let mut file = store.podcasts().open_file(id, 0, None).unwrap();
            store.podcasts().append(&mut file, &bytes).unwrap();
            let sound = Audio {
                url,
                article: articles["0-0"].id,
                media_type: "audio/mpeg".into(),
                ending: "mp3".into(),
                bytes: 0,
                by_pack: false,
            };
            sounds.push((store.podcasts().keep(file, sound).unwrap(), bytes));
        }
        store.finish_indexing().unwrap();
        store.snapshot(NOW).unwrap();
        // After the last snapshot.
        let late = articles.get_mut("2-0").unwrap();
        late.late = true;
        late.read = true;
        let mark = Mark {
            read: Some(true),
            saved: None,
        };
        store.mark(&[late.id], mark, NOW + 1).unwrap();
        let late_setting = ("late".to_owned(), "1".to_owned());
        store.set_setting(&late_setting.0, &late_setting.1).unwrap();
        drop(store);
        let files = contents(dir.path());
        for (kind, key, raw) in files.values().flat_map(|bytes| records(bytes)) {
            let id = u64::from_be_bytes(key[8..].try_into().unwrap());
            if let (1, Some(told)) = (kind, articles.values_mut().find(|told| told.id.0 == id)) {
                told.raw = raw.to_vec();
            }
            for (_, bytes, record) in &mut pictures {
                if kind == 2 && blake3::hash(bytes).as_bytes()[..16] == key {
                    *record = raw.to_vec();
                }
            }
        }
        assert!(articles.values().all(|told| !told.raw.is_empty()));
        assert!(pictures.iter().all(|(_, _, record)| !record.is_empty()));
        Self {
            dir,
            files,
            articles,
            feeds,
            settings,
            late_setting,
            searches,
            forwards,
            pictures,
            sounds,
        }
    }
}

/// Every whole record in some bytes: kind, key and all of it.
fn records(bytes: &[u8]) -> Vec<(u8, [u8; 16], &[u8])> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 40 <= bytes.len() {
        let number = |from: usize| {
            u32::from_le_bytes(bytes[at + from..at + from + 4].try_into().unwrap()) as usize
        };
        if &bytes[at..at + 4] == b"WRec"
            && let Some(raw) = bytes.get(at..at + 40 + number(32))
            && crc32fast::hash(&raw[8..]) as usize == number(4)
        {
            found.push((raw[8], raw[12..28].try_into().unwrap(), raw));
            at += raw.len();
        } else {
            at += 1;
        }
    }
    found
}

/// All files below a folder, by their path in it.
fn contents(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn gather(dir: &Path, folder: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(dir, &path, into);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_owned();
                into.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(dir, dir, &mut found);
    found
}

fn copy(files: &BTreeMap<PathBuf, Vec<u8>>, to: &Path) {
    for (name, bytes) in files {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

const PARTS: [&str; 8] = [
    "bodies",
    "pictures",
    "sounds",
    "snapshots",
    "search",
    "db",
    "",
    "any",
];

/// Damages one file, or exchanges two; returns what it did.
fn damage(dir: &Path, files: &BTreeMap<PathBuf, Vec<u8>>, numbers: &mut Numbers) -> String {
    let part = PARTS[numbers.below(PARTS.len())];
    let of_part: Vec<&PathBuf> = files
        .keys()
        .filter(|name| part == "any" || name.parent() == Some(Path::new(part)))
        .collect();
    let name = of_part[numbers.below(of_part.len())].clone();
    let path = dir.join(&name);
    let mut bytes = files[&name].clone();
    let shown = name.display();
    match numbers.below(12) {
        0 | 1 => {
            std::fs::remove_file(&path).unwrap();
            return format!("deleted {shown}");
        }
        2 | 3 => {
            let length = numbers.below(bytes.len().max(1));
            bytes.truncate(length);
            std::fs::write(&path, &bytes).unwrap();
            return format!("cut {shown} to {length}");
        }
        4 => {
            let from = numbers.below(bytes.len().max(1));
            let to = from + numbers.below(bytes.len() - from.min(bytes.len()) + 1);
            bytes[from.min(to)..to].fill(0);
            std::fs::write(&path, &bytes).unwrap();
            return format!("zeroed {shown} from {from} to {to}");
        }
        5 => {
            bytes.fill(0);
            std::fs::write(&path, &bytes).unwrap();
            return format!("zeroed {shown}");
        }
        6 | 7 => {
            let all: Vec<&PathBuf> = files.keys().filter(|other| **other != name).collect();
            let other = all[numbers.below(all.len())];
            std::fs::write(&path, &files[other]).unwrap();
            std::fs::write(dir.join(other), &bytes).unwrap();
            return format!("exchanged {shown} and {}", other.display());
        }
        8 if numbers.below(3) == 0 && !part.is_empty() && part != "any" => {
            std::fs::remove_dir_all(dir.join(part)).unwrap();
            return format!("deleted the folder {part}");
        }
        9 => {
            let length = numbers.below(80);
            let noise = numbers.bytes(length);
            std::fs::write(&path, &noise).unwrap();
            return format!("wrote {length} bytes of noise into {shown}");
        }
        _ => {}
    }
    if bytes.is_empty() {
        std::fs::write(&path, b"noise").unwrap();
        return format!("wrote noise into {shown}");
    }
    let bits = 1 + numbers.below(64);
    // In one place or all over the file.
    let near = (numbers.below(2) == 0).then(|| numbers.below(bytes.len()));
    for _ in 0..bits {
        let at = match near {
            Some(near) => (near + numbers.below(8)).min(bytes.len() - 1),
            None => numbers.below(bytes.len()),
        };
        bytes[at] ^= 1 << numbers.below(8);
    }
    std::fs::write(&path, &bytes).unwrap();
    format!("flipped {bits} bits of {shown}, near {near:?}")
}

/// What must still be there, worked out from the damaged files.
struct Whole {
    /// An unchanged copy of sled's log exists, under any name.
    lists: bool,
    records: HashSet<Vec<u8>>,
    files: HashSet<Vec<u8>>,
}

impl Whole {
    fn of(template: &Template, dir: &Path) -> Self {
        let here = contents(dir);
        let files: HashSet<Vec<u8>> = here.into_values().collect();
        let found = files.iter().flat_map(|bytes| records(bytes));
        Self {
            lists: files.contains(&template.files[Path::new("db/db")]),
            records: found.map(|(_, _, raw)| raw.to_vec()).collect(),
            files,
        }
    }
}

/// Differences between a store and its expected content.
#[derive(Debug, Default)]
struct Differences {
    /// Lost although its own bytes are intact.
    missing: Vec<String>,
    /// Lost without a report although the check found no problem.
    lost: Vec<String>,
    lost_texts: usize,
    lost_pictures: usize,
    lost_sounds: usize,
    search: Vec<String>,
}

impl Template {
    #[expect(clippy::too_many_lines, reason = "one comparison after the other")]
    fn compare(&self, store: &Store, sound: &Whole) -> Result<Differences, StoreError> {
        let mut found = Differences::default();
        let rows = store.list(&ALL)?.rows;
        let mut missing: Vec<String> = Vec::new();
        // What only sled has may be lost with it.
        let mut lists: Vec<String> = Vec::new();
        for (guid, told) in &self.articles {
            let is_whole = sound.records.contains(&told.raw);
            let Some(row) = rows.iter().find(|row| row.guid == *guid) else {
                if is_whole || sound.lists {
                    missing.push(format!("article {guid}"));
                } else {
                    lists.push(format!("article {guid}"));
                }
                continue;
            };
            if row.read != told.read || row.saved != told.saved {
                let what = format!("the marks of {guid}: {} {}", row.read, row.saved);
                if told.late && !sound.lists {
                    lists.push(what);
                } else {
                    missing.push(what);
                }
            }
            let article = store.article(row.id)?;
            let has_text = article.is_some_and(|article| article.html.contains(&told.text_word));
            match (is_whole, has_text) {
                (true, false) => missing.push(format!("the text of {guid}")),
                (false, false) => found.lost_texts += 1,
                (_, true) => {}
            }
            let hits = store.search(&told.title_word, 10, 0)?;
            let is_found =
                hits.total == 1 && hits.hits.first().is_some_and(|hit| hit.row.guid == *guid);
            if !is_found {
                let what = format!("{} is found {} times", told.title_word, hits.total);
                found.search.push(what);
            }
            let hits = store
                .search_count(&SearchRequest::new(&told.text_word))?
                .total;
            // The index may still know the words of a text that is lost.
            if hits != 1 && (has_text || hits != 0) {
                found
                    .search
                    .push(format!("{} is found {hits} times", told.text_word));
            }
        }
        let all = store.search("kabar", 1, 0)?.total;
        if all != rows.len() {
            found
                .search
                .push(format!("of {} articles {all} are found", rows.len()));
        }
        if rows.len() > self.articles.len() {
            found
                .search
                .push(format!("{} articles are listed", rows.len()));
        }
        let folders = store.folders().all()?;
        let feeds: BTreeMap<_, _> = store
            .feeds()?
            .into_iter()
            .map(|feed| {
                let folder = folders.iter().find(|folder| Some(folder.id) == feed.folder);
                let folder = folder.map(|folder| folder.name.clone());
                (feed.url, (feed.custom_title, folder))
            })
            .collect();
        if feeds != self.feeds {
            missing.push(format!("subscriptions: {feeds:?}"));
        }
        for (name, json) in &self.settings {
            if store.setting(name)?.as_ref() != Some(json) {
                missing.push(format!("the setting {name}"));
            }
        }
        let (name, json) = &self.late_setting;
        if store.setting(name)?.as_ref() != Some(json) {
            let place = if sound.lists {
                &mut missing
            } else {
                &mut lists
            };
            place.push(format!("the setting {name}"));
        }
        let searches = store.saved_searches().all()?.into_iter();
        let searches: BTreeSet<_> = searches.map(|known| (known.name, known.query)).collect();
        if searches != self.searches {
            missing.push(format!("saved searches: {searches:?}"));
        }
        let forwards = store.forwards().list(None, 100)?.into_iter();
        let forwards: BTreeSet<_> = forwards.map(|forward| forward.message).collect();
        if forwards != self.forwards {
            missing.push(format!("forwards: {forwards:?}"));
        }
        for (url, bytes, record) in &self.pictures {
            let here = store.pictures().get(PictureId::of_url(url))?;
            match (sound.records.contains(record), here) {
                (_, Some(picture)) if picture.bytes == *bytes => {}
                (_, Some(_)) => missing.push(format!("{url} is another picture")),
                (true, None) => missing.push(format!("the picture {url}")),
                (false, None) => found.lost_pictures += 1,
            }
        }
        for (kept, bytes) in &self.sounds {
            let here = store.podcasts().get(Audio::id_of(&kept.url))?;
            let here = here.and_then(|kept| store.podcasts().read(&kept, 0, usize::MAX).ok());
            match (sound.files.contains(bytes), here) {
                (_, Some(here)) if here == *bytes => {}
                (true, _) => missing.push(format!("the episode {}", kept.url)),
                (false, _) => found.lost_sounds += 1,
            }
        }
        found.missing = missing;
        found.lost = lists;
        Ok(found)
    }

    /// One round of damage; returns what it did and the failures.
    pub(crate) fn round(&self, seed: u64, round: u64) -> (String, Vec<Fault>) {
        let dir = tempfile::tempdir().unwrap();
        copy(&self.files, dir.path());
        let mut numbers = Numbers::of(seed ^ round.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let did = damage(dir.path(), &self.files, &mut numbers);
        let sound = Whole::of(self, dir.path());
        let faults = catch_unwind(AssertUnwindSafe(|| self.look(dir.path(), &sound, round)))
            .unwrap_or_else(|_| {
                vec![Fault {
                    kind: Kind::Panic,
                    round,
                    what: "a panic came out of the store".into(),
                }]
            });
        (did, faults)
    }

    fn looked(&self, store: &Store, sound: &Whole) -> Result<(Checkup, Differences), StoreError> {
        store.finish_indexing()?;
        Ok((store.check()?, self.compare(store, sound)?))
    }

    fn look(&self, dir: &Path, sound: &Whole, round: u64) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut tell = |kind: Kind, what: String| faults.push(Fault { kind, round, what });
        let mut pictures_told = 0;
        // As the app does it: open, and look at everything.
        match Store::open_with(dir, options()) {
            Ok(store) => {
                match self.looked(&store, sound) {
                    Ok((checkup, found)) => {
                        // A damaged picture is removed by the first read.
                        pictures_told = count_of(&checkup, "pictures");
                        held_against(&checkup, &found, &mut tell);
                    }
                    // Damage may be reported when it is first encountered.
                    Err(StoreError::Damaged(_)) => {}
                    Err(error) => tell(Kind::Locked, format!("looking failed: {error:?}")),
                }
            }
            Err(StoreError::Damaged(_)) => {}
            Err(error) => tell(Kind::Locked, format!("opening failed: {error:?}")),
        }
        let repaired = match repair(dir, NOW + 100) {
            Ok(repaired) => repaired,
            Err(error) => {
                tell(Kind::Locked, format!("the repair failed: {error:?}"));
                return faults;
            }
        };
        if let Some(left) = repaired.left.as_ref().filter(|left| !left.is_sound()) {
            tell(Kind::NotRepaired, format!("{:?}", wrong_in(left)));
        }
        let store = match Store::open_with(dir, options()) {
            Ok(store) => store,
            Err(error) => {
                tell(Kind::Locked, format!("opening a repaired store: {error:?}"));
                return faults;
            }
        };
        let found = store
            .finish_indexing()
            .and_then(|()| self.compare(&store, sound));
        match found {
            Ok(found) => {
                held_against_repair(self, &repaired, &found, pictures_told, &mut tell);
            }
            Err(error) => tell(Kind::Locked, format!("a repaired store: {error:?}")),
        }
        match store.check() {
            Ok(checkup) if checkup.is_sound() => {}
            Ok(checkup) => tell(Kind::NotRepaired, format!("{:?}", wrong_in(&checkup))),
            Err(error) => tell(Kind::NotRepaired, format!("{error:?}")),
        }
        drop(store);
        if round.is_multiple_of(5) {
            match repair(dir, NOW + 200) {
                Ok(again) if again.was_sound() => {}
                other => tell(Kind::NotRepaired, format!("repaired again: {other:?}")),
            }
        }
        faults
    }
}

fn wrong_in(checkup: &Checkup) -> Vec<&String> {
    checkup
        .checks
        .iter()
        .flat_map(|check| &check.found)
        .collect()
}

fn count_of(checkup: &Checkup, name: &str) -> usize {
    let check = checkup.checks.iter().find(|check| check.name == name);
    check.map_or(0, |check| check.found.len())
}

/// A store that opened: everything that its check does not report must be there.
fn held_against(checkup: &Checkup, found: &Differences, tell: &mut dyn FnMut(Kind, String)) {
    for what in &found.search {
        tell(Kind::Search, format!("after opening: {what}"));
    }
    if checkup.is_sound() {
        for what in found.missing.iter().chain(&found.lost) {
            tell(Kind::Unreported, format!("called sound, but lacks {what}"));
        }
    }
    for (name, lost) in [
        ("texts", found.lost_texts),
        ("pictures", found.lost_pictures),
        ("sounds", found.lost_sounds),
    ] {
        if count_of(checkup, name) < lost {
            let what = format!("{lost} {name} are lost: {:?}", wrong_in(checkup));
            tell(Kind::Unreported, what);
        }
    }
}

/// A repaired store: intact data is there, and losses were reported.
fn held_against_repair(
    template: &Template,
    repaired: &Repaired,
    found: &Differences,
    pictures_told: usize,
    tell: &mut dyn FnMut(Kind, String),
) {
    for what in &found.missing {
        tell(Kind::Missing, format!("{what}; {:?}", repaired.notes));
    }
    for what in &found.search {
        tell(Kind::Search, format!("after the repair: {what}"));
    }
    let did_open = repaired.found.as_ref();
    if did_open.is_some_and(Checkup::is_sound) && repaired.notes.is_empty() {
        for what in &found.lost {
            tell(Kind::Unreported, what.clone());
        }
    }
    let rebuilt = repaired.rebuilt.as_ref();
    let told = rebuilt.map_or(0, |rebuilt| rebuilt.without_text as usize);
    if told != found.lost_texts {
        let what = format!("{} texts are lost, {told} are reported", found.lost_texts);
        tell(Kind::WrongReport, what);
    }
    let told = match (rebuilt, did_open) {
        (Some(rebuilt), None) => template.pictures.len() - rebuilt.pictures as usize,
        (_, Some(checkup)) => count_of(checkup, "pictures"),
        (None, None) => 0,
    };
    // Those of an exchanged file are reported as lost, and recovered.
    if told.max(pictures_told) < found.lost_pictures {
        let what = format!(
            "{} pictures are lost, {told} are reported",
            found.lost_pictures
        );
        tell(Kind::WrongReport, what);
    }
    let notes = repaired.notes.iter();
    let told = notes.filter(|note| note.contains("episode") && note.contains("is lost"));
    if told.count() != found.lost_sounds {
        let what = format!(
            "{} episodes are lost: {:?}",
            found.lost_sounds, repaired.notes
        );
        tell(Kind::WrongReport, what);
    }
}

/// Runs rounds in several threads; returns what each did and all failures.
pub(crate) fn run(rounds: u64, seed: u64, threads: u64) -> (Vec<(u64, String)>, Vec<Fault>) {
    let template = Template::new(seed);
    let mut did = Vec::new();
    let mut faults = Vec::new();
    std::thread::scope(|scope| {
        let template = &template;
        let workers: Vec<_> = (0..threads)
            .map(|first| {
                scope.spawn(move || {
                    let mine = (0..rounds).filter(move |round| round % threads == first);
                    mine.map(|round| (round, template.round(seed, round)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        for worker in workers {
            for (round, (what, found)) in worker.join().unwrap() {
                did.push((round, what));
                faults.extend(found);
            }
        }
    });
    did.sort_unstable();
    assert!(template.dir.path().exists());
    (did, faults)
}
