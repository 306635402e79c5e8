//! Draws a headline as a picture, for places that show pictures such as statuses and stories. All
//! scripts are shaped correctly (bidirectional text, ligatures, grapheme clusters): Latin in
//! Warta's own fonts, everything else in the system's; characters without a font are reported.

use std::sync::Arc;

use cosmic_text::{
    Align, Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics,
    Shaping, SwashCache, Weight, Wrap,
};
use image::{ImageEncoder, Rgb, RgbImage, imageops};

pub use cosmic_text::fontdb;

use warta_text::{collapse_whitespace, is_right_to_left};

const PAPER: Rgb<u8> = Rgb([252, 250, 246]);
const INK: Color = Color::rgb(0x1c, 0x1a, 0x17);
const QUIET: Color = Color::rgb(0x5d, 0x57, 0x4f);
const ACCENT: Rgb<u8> = Rgb([0xa8, 0x32, 0x2a]);

/// Pixels of every card's width.
const WIDTH: u32 = 1080;
const MARGIN: u32 = 88;
/// Font sizes tried for a headline, in pixels.
const LARGEST: u16 = 112;
const SMALLEST: u16 = 44;
/// Maximum number of reported characters without a font.
const TOLD: usize = 12;
/// Maximum number of pixels of the picture.
const LARGEST_PICTURE: u32 = 8000;

/// The app's own fonts, so that cards look the same on every system.
static FACES: [&[u8]; 3] = [
    include_bytes!("../fonts/Newsreader-SemiBold.ttf"),
    include_bytes!("../fonts/PublicSans-Bold.ttf"),
    include_bytes!("../fonts/PublicSans-Regular.ttf"),
];

/// The shape of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// 1080 × 1350, for walls and chats.
    Post,
    /// 1080 × 1920, for a status.
    Status,
}

impl Shape {
    /// Width and height in pixels.
    #[must_use]
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Post => (WIDTH, 1350),
            Self::Status => (WIDTH, 1920),
        }
    }
}

/// The content of a card.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// The headline.
    pub title: &'a str,
    /// Its publisher.
    pub publisher: &'a str,
    /// Footer: date and host, formatted for the reader.
    pub foot: &'a str,
    /// A picture, if the reader has chosen one.
    pub picture: Option<&'a [u8]>,
}

/// A drawn card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// A PNG.
    pub png: Vec<u8>,
    /// Characters that no font has, the first few.
    pub missing: String,
}

/// Warta's and the system's fonts, with their caches.
pub struct Fonts {
    system: FontSystem,
    cache: SwashCache,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fonts({})", self.system.db().len())
    }
}

impl Fonts {
    /// Warta's own and the system's fonts for text mostly in `language` (BCP 47), since Chinese and
    /// Japanese fonts draw some characters differently.
    #[must_use]
    pub fn of(mut db: fontdb::Database, language: &str) -> Self {
        // Otherwise monospaced fonts would be the fallback for rare scripts.
        let typescript: Vec<_> = db.faces().filter(|f| f.monospaced).map(|f| f.id).collect();
        if typescript.len() < db.len() {
            for id in typescript {
                db.remove_face(id);
            }
        }
        for face in FACES {
            db.load_font_source(fontdb::Source::Binary(Arc::new(face)));
        }
        db.set_serif_family("Newsreader");
        db.set_sans_serif_family("Public Sans");
        Self {
            system: FontSystem::new_with_locale_and_db(language.to_owned(), db),
            cache: SwashCache::new(),
        }
    }
}

/// Draws a card. A picture that cannot be read is left out.
#[must_use]
pub fn draw(card: &Card<'_>, shape: Shape, fonts: &mut Fonts) -> Drawn {
    let (width, height) = shape.size();
    let mut page = RgbImage::from_pixel(width, height, PAPER);
    let mut missing = String::new();
    let inner = width - 2 * MARGIN;
    let mut top = MARGIN + if shape == Shape::Status { 150 } else { 0 };
    if let Some(picture) = card.picture.and_then(read) {
        let picture_height = if shape == Shape::Status { 860 } else { 600 };
        let cut = picture.resize_to_fill(width, picture_height, imageops::FilterType::CatmullRom);
        imageops::replace(&mut page, &cut.to_rgb8(), 0, 0);
        top = picture_height + 72;
    }
    let title = collapse_whitespace(card.title);
    let publisher = collapse_whitespace(card.publisher);
    let right = is_right_to_left(&title) || (title.is_empty() && is_right_to_left(&publisher));
    let mut text = Writer {
        page: &mut page,
        fonts,
        missing: &mut missing,
        right,
    };

    let mark_left = if right { width - MARGIN - 96 } else { MARGIN };
    text.rectangle(mark_left, top, 96, 10);
    let mut publisher = text.set(&publisher, Family::SansSerif, Weight::BOLD, 40, inner, 2);
    let publisher_height = text.write(&mut publisher, top + 44, INK);

    let mut foot = text.set(
        &collapse_whitespace(card.foot),
        Family::SansSerif,
        Weight::NORMAL,
        32,
        inner,
        2,
    );
    let foot_top =
        height - MARGIN - height_of(&foot) - if shape == Shape::Status { 170 } else { 0 };
    text.write(&mut foot, foot_top, QUIET);

    let title_top = top + 44 + publisher_height + 52;
    let room = foot_top.saturating_sub(title_top + 60);
    let mut title = text.fitted(&title, inner, room);
    text.write(&mut title, title_top, INK);

    Drawn {
        width,
        height,
        png: png(&page),
        missing,
    }
}

/// The card's pixels, four bytes each (RGBA), row by row.
#[must_use]
pub fn rgba(drawn: &Drawn) -> Vec<u8> {
    image::load_from_memory_with_format(&drawn.png, image::ImageFormat::Png)
        .map(|picture| picture.to_rgba8().into_raw())
        .unwrap_or_default()
}

struct Writer<'a> {
    page: &'a mut RgbImage,
    fonts: &'a mut Fonts,
    missing: &'a mut String,
    right: bool,
}

impl Writer<'_> {
    fn rectangle(&mut self, left: u32, top: u32, width: u32, height: u32) {
        for y in top..top + height {
            for x in left..left + width {
                self.page.put_pixel(x, y, ACCENT);
            }
        }
    }

    fn set(
        &mut self,
        text: &str,
        family: Family<'_>,
        weight: Weight,
        size: u16,
        width: u32,
        lines: usize,
    ) -> Buffer {
        let size = f32::from(size);
        let mut buffer = Buffer::new(&mut self.fonts.system, Metrics::new(size, size * 1.28));
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(lines)));
        buffer.set_size(Some(width as f32), None);
        let align = if self.right {
            Align::Right
        } else {
            Align::Left
        };
        let attributes = Attrs::new().family(family).weight(weight);
        buffer.set_text(text, &attributes, Shaping::Advanced, Some(align));
        buffer.shape_until_scroll(&mut self.fonts.system, false);
        buffer
    }

    /// The headline as large as it fits without breaking a word, else small and shortened.
    fn fitted(&mut self, text: &str, width: u32, room: u32) -> Buffer {
        let mut size = LARGEST;
        loop {
            let lines = (room as f32 / (f32::from(size) * 1.28)) as usize;
            let mut buffer = self.set(
                text,
                Family::Serif,
                Weight::SEMIBOLD,
                size,
                width,
                usize::MAX,
            );
            let whole = height_of(&buffer) <= room && !self.tears(text, &mut buffer, size, width);
            if whole {
                return buffer;
            }
            if size <= SMALLEST {
                return self.set(
                    text,
                    Family::Serif,
                    Weight::SEMIBOLD,
                    size,
                    width,
                    lines.max(1),
                );
            }
            size -= 4;
        }
    }

    /// Whether a word is wider than the line.
    fn tears(&mut self, text: &str, buffer: &mut Buffer, size: u16, width: u32) -> bool {
        // Shorter words always fit: most letters are wider than a quarter of their height.
        let longest = text.split_whitespace().map(|w| w.chars().count()).max();
        if (longest.unwrap_or(0) as f32) * f32::from(size) * 0.25 < width as f32 {
            return false;
        }
        buffer.set_wrap(Wrap::Word);
        buffer.shape_until_scroll(&mut self.fonts.system, false);
        let torn = buffer
            .layout_runs()
            .any(|run| run.line_w > width as f32 + 1.0);
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.shape_until_scroll(&mut self.fonts.system, false);
        torn
    }

    /// Draws the text; returns its height.
    fn write(&mut self, buffer: &mut Buffer, top: u32, color: Color) -> u32 {
        for run in buffer.layout_runs() {
            for glyph in run.glyphs.iter().filter(|glyph| glyph.glyph_id == 0) {
                let shown = run.text.get(glyph.start..glyph.end).unwrap_or_default();
                for c in shown
                    .chars()
                    .filter(|c| !c.is_whitespace() && !c.is_control())
                {
                    if self.missing.chars().count() < TOLD && !self.missing.contains(c) {
                        self.missing.push(c);
                    }
                }
            }
        }
        let (width, height) = self.page.dimensions();
        let page = &mut *self.page;
        let Fonts { system, cache } = &mut *self.fonts;
        buffer.draw(system, cache, color, |x, y, w, h, ink| {
            for y in y..y + h as i32 {
                for x in x..x + w as i32 {
                    let (x, y) = (x + MARGIN as i32, y + top as i32);
                    if x >= 0 && y >= 0 && (x as u32) < width && (y as u32) < height {
                        blend(page.get_pixel_mut(x as u32, y as u32), ink);
                    }
                }
            }
        });
        height_of(buffer)
    }
}

fn height_of(buffer: &Buffer) -> u32 {
    buffer
        .layout_runs()
        .map(|run| run.line_top + run.line_height)
        .fold(0.0_f32, f32::max)
        .ceil() as u32
}

fn blend(pixel: &mut Rgb<u8>, ink: Color) {
    let alpha = u32::from(ink.a());
    for (below, above) in pixel.0.iter_mut().zip([ink.r(), ink.g(), ink.b()]) {
        let mixed = u32::from(*below) * (255 - alpha) + u32::from(above) * alpha;
        *below = (mixed / 255) as u8;
    }
}

fn read(bytes: &[u8]) -> Option<image::DynamicImage> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LARGEST_PICTURE);
    limits.max_image_height = Some(LARGEST_PICTURE);
    reader.limits(limits);
    reader.decode().ok()
}

fn png(page: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let (width, height) = page.dimensions();
    // Encoding into memory does not fail for a known size.
    let _ = encoder.write_image(page.as_raw(), width, height, image::ExtendedColorType::Rgb8);
    bytes
}
