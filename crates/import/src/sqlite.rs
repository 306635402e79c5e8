//! Reads the tables of an `SQLite` 3 file (<https://www.sqlite.org/fileformat2.html>).
//!
//! Only what an import needs: rows of ordinary tables, in the order of their row ids. Indexes,
//! views, `WITHOUT ROWID` and virtual tables are not read. Every page is visited once and no more
//! bytes are copied than the file has, so a hostile file costs no more than its size.

use std::collections::{HashMap, HashSet};

const MAGIC: &[u8] = b"SQLite format 3\0";
const HEADER: usize = 100;
/// Maximum depth of a B-tree; 2^31 pages need fewer.
const DEEPEST: usize = 40;
/// Maximum number of tables read from the schema.
const MOST_TABLES: usize = 2_000;

/// Whether a file is an `SQLite` database.
#[must_use]
pub fn is_database(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The file breaks the format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Damaged(pub &'static str);

type Result<T> = std::result::Result<T, Damaged>;

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// NULL, also of a column that is younger than the row.
    Null,
    /// A whole number.
    Integer(i64),
    /// A floating point number.
    Real(f64),
    /// A text; invalid bytes are replaced.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    root: u32,
    /// Column names in lower case, by position.
    columns: HashMap<String, usize>,
    /// The column that is the row id.
    row_id: Option<usize>,
}

impl Table {
    /// Whether the table has this column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(&column.to_ascii_lowercase())
    }
}

/// A row of a table.
#[derive(Debug)]
pub struct Row<'t> {
    table: &'t Table,
    id: i64,
    values: Vec<Value>,
}

impl Row<'_> {
    /// A column's value; `None` if the table lacks the column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<Value> {
        let at = *self.table.columns.get(&column.to_ascii_lowercase())?;
        if Some(at) == self.table.row_id {
            return Some(Value::Integer(self.id));
        }
        Some(self.values.get(at).cloned().unwrap_or(Value::Null))
    }

    /// A column as text; empty for NULL and missing columns.
    #[must_use]
    pub fn text(&self, column: &str) -> String {
        match self.get(column) {
            Some(Value::Text(text)) => text,
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Real(number)) => number.to_string(),
            Some(Value::Blob(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
            Some(Value::Null) | None => String::new(),
        }
    }

    /// A column as a number; 0 for anything else.
    #[must_use]
    pub fn number(&self, column: &str) -> f64 {
        match self.get(column) {
            Some(Value::Integer(number)) => number as f64,
            Some(Value::Real(number)) => number,
            Some(Value::Text(text)) => text.trim().parse().unwrap_or(0.0),
            _ => 0.0,
        }
    }

    /// Whether a column is a number other than 0.
    #[must_use]
    pub fn flag(&self, column: &str) -> bool {
        self.number(column) != 0.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// An open database.
#[derive(Debug)]
pub struct Database<'a> {
    bytes: &'a [u8],
    /// Newer pages of the write-ahead log.
    newer: HashMap<u32, &'a [u8]>,
    page_size: usize,
    /// Bytes of a page that B-trees use.
    usable: usize,
    encoding: Encoding,
    tables: Vec<Table>,
}

impl<'a> Database<'a> {
    /// Reads the schema.
    pub fn open(bytes: &'a [u8], wal: Option<&'a [u8]>) -> Result<Self> {
        let header = bytes
            .get(..HEADER)
            .ok_or(Damaged("the header is cut off"))?;
        if !is_database(header) {
            return Err(Damaged("this is not an SQLite file"));
        }
        let page_size = match u16_at(header, 16)? {
            1 => 65_536,
            size if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err(Damaged("the page size is invalid")),
        };
        let reserved = usize::from(header.get(20).copied().unwrap_or_default());
        let usable = page_size
            .checked_sub(reserved)
            .filter(|usable| *usable >= 480)
            .ok_or(Damaged("the page size is invalid"))?;
        let mut database = Self {
            bytes,
            newer: wal
                .map(|wal| pages_of_wal(wal, page_size))
                .unwrap_or_default(),
            page_size,
            usable,
            encoding: Encoding::Utf8,
            tables: Vec::new(),
        };
        let encoding = u32_at(database.page(1)?, 56)?;
        database.encoding = match encoding {
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => Encoding::Utf8,
        };
        database.tables = database.read_schema()?;
        Ok(database)
    }

    /// A table by its name, in any case.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(name))
    }

    /// Calls `each` with every row, until the end or the first damaged page.
    pub fn rows(&self, table: &Table, each: &mut dyn FnMut(&Row<'_>)) -> Result<()> {
        self.walk(table.root, &mut |id, payload| {
            let values = self.record(payload)?;
            each(&Row { table, id, values });
            Ok(())
        })
    }

    fn read_schema(&self) -> Result<Vec<Table>> {
        let mut tables = Vec::new();
        self.walk(1, &mut |_, payload| {
            let mut values = self.record(payload)?.into_iter();
            let (kind, name) = (values.next(), values.next());
            let (_, root, sql) = (values.next(), values.next(), values.next());
            if let (
                Some(Value::Text(kind)),
                Some(Value::Text(name)),
                Some(Value::Integer(root)),
                Some(Value::Text(sql)),
            ) = (kind, name, root, sql)
                && kind == "table"
                && tables.len() < MOST_TABLES
                && let Ok(root) = u32::try_from(root)
                && root > 0
            {
                let (columns, row_id) = columns_of(&sql);
                tables.push(Table {
                    name,
                    root,
                    columns,
                    row_id,
                });
            }
            Ok(())
        })?;
        Ok(tables)
    }

    fn page(&self, number: u32) -> Result<&'a [u8]> {
        if let Some(page) = self.newer.get(&number) {
            return Ok(page);
        }
        let at = (number as usize)
            .checked_sub(1)
            .and_then(|before| before.checked_mul(self.page_size))
            .ok_or(Damaged("a page number is invalid"))?;
        let end = at
            .checked_add(self.page_size)
            .ok_or(Damaged("a page number is invalid"))?;
        self.bytes.get(at..end).ok_or(Damaged("a page is missing"))
    }

    /// Calls `each` with the row id and record of every cell of a table's B-tree, in order.
    fn walk(&self, root: u32, each: &mut dyn FnMut(i64, &[u8]) -> Result<()>) -> Result<()> {
        let mut seen = HashSet::new();
        let mut copied = 0_usize;
        // Pages to visit, last first, with their depth.
        let mut waiting = vec![(root, 0_usize)];
        while let Some((number, depth)) = waiting.pop() {
            if depth > DEEPEST || !seen.insert(number) {
                return Err(Damaged("a table is not a tree"));
            }
            let page = self.page(number)?;
            let start = if number == 1 { HEADER } else { 0 };
            let cells = usize::from(u16_at(page, start + 3)?);
            match page.get(start) {
                Some(0x05) => {
                    let mut children = Vec::with_capacity(cells + 1);
                    for cell in 0..cells {
                        let at = usize::from(u16_at(page, start + 12 + 2 * cell)?);
                        children.push(u32_at(page, at)?);
                    }
                    children.push(u32_at(page, start + 8)?);
                    waiting.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
                }
                Some(0x0d) => {
                    for cell in 0..cells {
                        let at = usize::from(u16_at(page, start + 8 + 2 * cell)?);
                        let (length, at) = varint(page, at)?;
                        let (id, at) = varint(page, at)?;
                        let length = usize::try_from(length)
                            .map_err(|_| Damaged("a row has an invalid length"))?;
                        let payload = self.payload(page, at, length, &mut copied)?;
                        each(id, &payload)?;
                    }
                }
                _ => return Err(Damaged("a page is not of a table")),
            }
        }
        Ok(())
    }

    /// A cell's payload, put together from its page and its overflow pages.
    fn payload(
        &self,
        page: &[u8],
        at: usize,
        length: usize,
        copied: &mut usize,
    ) -> Result<Vec<u8>> {
        let largest = self.usable - 35;
        let local = if length <= largest {
            length
        } else {
            let least = (self.usable - 12) * 32 / 255 - 23;
            let wanted = least + (length - least) % (self.usable - 4);
            if wanted <= largest { wanted } else { least }
        };
        // Each byte of the file belongs to one row at most.
        *copied = copied.saturating_add(length);
        let most = self.bytes.len() + self.newer.len() * self.page_size;
        if *copied > most {
            return Err(Damaged("a row is longer than the file"));
        }
        let end = at
            .checked_add(local)
            .ok_or(Damaged("a row is outside its page"))?;
        let here = page
            .get(at..end)
            .ok_or(Damaged("a row is outside its page"))?;
        let mut payload = Vec::with_capacity(length);
        payload.extend_from_slice(here);
        if local < length {
            let mut next = u32_at(page, end)?;
            while payload.len() < length {
                let overflow = self.page(next)?;
                next = u32_at(overflow, 0)?;
                let wanted = (length - payload.len()).min(self.usable - 4);
                let part = overflow
                    .get(4..4 + wanted)
                    .ok_or(Damaged("a row is cut off"))?;
                payload.extend_from_slice(part);
            }
        }
        Ok(payload)
    }

    fn record(&self, payload: &[u8]) -> Result<Vec<Value>> {
        let (header, mut at) = varint(payload, 0)?;
        let header = usize::try_from(header)
            .ok()
            .filter(|header| *header <= payload.len())
            .ok_or(Damaged("a row has an invalid header"))?;
        let mut body = header;
        let mut values = Vec::new();
        while at < header {
            let (kind, next) = varint(payload, at)?;
            at = next;
            let (value, length) = self.value(kind, payload, body)?;
            body += length;
            values.push(value);
        }
        Ok(values)
    }

    fn value(&self, kind: i64, payload: &[u8], at: usize) -> Result<(Value, usize)> {
        let part = |length: usize| {
            at.checked_add(length)
                .and_then(|end| payload.get(at..end))
                .ok_or(Damaged("a value is outside its row"))
        };
        let whole = |length: usize| -> Result<(Value, usize)> {
            let bytes = part(length)?;
            let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
            let start = if negative { -1_i64 } else { 0 };
            let number = bytes
                .iter()
                .fold(start, |number, byte| (number << 8) | i64::from(*byte));
            Ok((Value::Integer(number), length))
        };
        match kind {
            0 => Ok((Value::Null, 0)),
            1..=4 => whole(kind as usize),
            5 => whole(6),
            6 => whole(8),
            7 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(part(8)?);
                Ok((Value::Real(f64::from_be_bytes(bytes)), 8))
            }
            8 | 9 => Ok((Value::Integer(kind - 8), 0)),
            12.. => {
                let length = usize::try_from((kind - 12) / 2)
                    .map_err(|_| Damaged("a value is outside its row"))?;
                let bytes = part(length)?;
                let value = if kind % 2 == 0 {
                    Value::Blob(bytes.to_vec())
                } else {
                    Value::Text(self.decode(bytes))
                };
                Ok((value, length))
            }
            _ => Err(Damaged("a value has an unknown type")),
        }
    }

    fn decode(&self, bytes: &[u8]) -> String {
        let units = |unit: fn([u8; 2]) -> u16| {
            let units: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| unit([pair[0], pair[1]]))
                .collect();
            String::from_utf16_lossy(&units)
        };
        match self.encoding {
            Encoding::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Encoding::Utf16Le => units(u16::from_le_bytes),
            Encoding::Utf16Be => units(u16::from_be_bytes),
        }
    }
}

/// The committed pages of a write-ahead log: frames with the header's salt and a right checksum, up
/// to the last commit.
fn pages_of_wal(wal: &[u8], page_size: usize) -> HashMap<u32, &[u8]> {
    let mut pages = HashMap::new();
    let mut open = HashMap::new();
    let is_big = match u32_at(wal, 0) {
        Ok(0x377f_0682) => false,
        Ok(0x377f_0683) => true,
        _ => return pages,
    };
    let (Some(header), Ok(size)) = (wal.get(..32), u32_at(wal, 8)) else {
        return pages;
    };
    if size as usize != page_size {
        return pages;
    }
    let salt = &header[16..24];
    let mut sum = checksum((0, 0), &header[..24], is_big);
    if Ok(sum.0) != u32_at(header, 24) || Ok(sum.1) != u32_at(header, 28) {
        return pages;
    }
    for frame in wal[32..].chunks_exact(24 + page_size) {
        let (head, page) = frame.split_at(24);
        sum = checksum(checksum(sum, &head[..8], is_big), page, is_big);
        let is_sound =
            &head[8..16] == salt && Ok(sum.0) == u32_at(head, 16) && Ok(sum.1) == u32_at(head, 20);
        let (true, Ok(number), Ok(commit)) = (is_sound, u32_at(head, 0), u32_at(head, 4)) else {
            break;
        };
        open.insert(number, page);
        if commit != 0 {
            pages.extend(open.drain());
        }
    }
    pages
}

fn checksum(before: (u32, u32), bytes: &[u8], is_big: bool) -> (u32, u32) {
    let word = |word: &[u8]| {
        let word = [word[0], word[1], word[2], word[3]];
        if is_big {
            u32::from_be_bytes(word)
        } else {
            u32::from_le_bytes(word)
        }
    };
    bytes.chunks_exact(8).fold(before, |(first, second), pair| {
        let first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
        let second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
        (first, second)
    })
}

/// Column names and the row id's column of a `CREATE TABLE` statement.
fn columns_of(sql: &str) -> (HashMap<String, usize>, Option<usize>) {
    let mut columns = HashMap::new();
    let mut whole_numbers = Vec::new();
    let mut row_id = None;
    let mut key: Option<String> = None;
    for words in definitions(sql) {
        let is_word = |at: usize, word: &str| {
            words
                .get(at)
                .is_some_and(|(text, quoted)| !quoted && text.eq_ignore_ascii_case(word))
        };
        let is_constraint = ["constraint", "primary", "unique", "check", "foreign"]
            .iter()
            .any(|word| is_word(0, word));
        if is_constraint {
            let at = if is_word(0, "constraint") { 2 } else { 0 };
            // PRIMARY KEY ( name ) with one column.
            if is_word(at, "primary")
                && let Some((name, _)) = words.get(at + 3)
                && is_word(at + 2, "(")
                && is_word(at + 4, ")")
            {
                key = Some(name.to_ascii_lowercase());
            }
            continue;
        }
        let Some((name, _)) = words.first() else {
            continue;
        };
        let at = columns.len();
        let name = name.to_ascii_lowercase();
        if is_word(1, "integer") {
            whole_numbers.push(name.clone());
            let is_key =
                (2..words.len()).any(|at| is_word(at, "primary") && is_word(at + 1, "key"));
            if is_key {
                row_id = Some(at);
            }
        }
        columns.entry(name).or_insert(at);
    }
    if let Some(key) = key.filter(|key| whole_numbers.contains(key)) {
        row_id = columns.get(&key).copied();
    }
    (columns, row_id)
}

/// The words of each definition between a statement's outer parentheses, each with whether it was
/// quoted.
fn definitions(sql: &str) -> Vec<Vec<(String, bool)>> {
    let mut definitions = vec![Vec::new()];
    let mut depth = 0_usize;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let mut word = None;
        let mut length = first.len_utf8();
        match first {
            '-' if rest.starts_with("--") => {
                length = rest.find('\n').map_or(rest.len(), |end| end + 1);
            }
            '/' if rest.starts_with("/*") => {
                length = rest.find("*/").map_or(rest.len(), |end| end + 2);
            }
            '"' | '`' | '\'' | '[' => {
                let close = if first == '[' { ']' } else { first };
                let text = rest.get(1..).unwrap_or_default();
                let end = text.find(close).unwrap_or(text.len());
                word = Some((text.get(..end).unwrap_or_default().to_owned(), true));
                length = (end + 2).min(rest.len());
            }
            '(' | ')' => {
                if first == ')' {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                if depth > 0 {
                    word = Some((first.to_string(), false));
                }
                if first == '(' {
                    depth += 1;
                }
            }
            ',' if depth == 1 => definitions.push(Vec::new()),
            c if c.is_alphanumeric() || c == '_' => {
                length = rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .unwrap_or(rest.len());
                word = Some((rest[..length].to_owned(), false));
            }
            _ => {}
        }
        if let (Some(word), true, Some(last)) = (word, depth > 0, definitions.last_mut()) {
            last.push(word);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    definitions
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16> {
    match bytes.get(at..at.saturating_add(2)) {
        Some([one, two]) => Ok(u16::from_be_bytes([*one, *two])),
        _ => Err(Damaged("a page is cut off")),
    }
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32> {
    match bytes.get(at..at.saturating_add(4)) {
        Some([a, b, c, d]) => Ok(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => Err(Damaged("a page is cut off")),
    }
}

/// A number of one to nine bytes, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Result<(i64, usize)> {
    let mut number = 0_u64;
    for (count, byte) in bytes.iter().skip(at).take(9).enumerate() {
        if count == 8 {
            number = (number << 8) | u64::from(*byte);
            return Ok((number as i64, at + 9));
        }
        number = (number << 7) | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Ok((number as i64, at + count + 1));
        }
    }
    Err(Damaged("a number is cut off"))
}
