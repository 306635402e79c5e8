//! A link as a QR code (ISO/IEC 18004), to carry it to a phone.

use std::fmt::Write as _;

use qrcode::{EcLevel, QrCode as Code};

use crate::model::ShareError;

/// Width of the quiet zone, as required by the standard.
const QUIET: usize = 4;

/// A QR code as an SVG path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    /// Modules of a side, the quiet zone included: the picture's `viewBox` is `0 0 size size`.
    pub size: usize,
    /// The dark modules, each one unit wide.
    pub path: String,
}

/// The QR code of `text`, which may have about 2,300 bytes.
pub fn qr_code(text: &str) -> Result<QrCode, ShareError> {
    let code =
        Code::with_error_correction_level(text, EcLevel::M).map_err(|_| ShareError::TooLong)?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..]
                .iter()
                .take_while(|color| **color == qrcode::Color::Dark)
                .count();
            if run > 0 {
                // Writing into a string cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET);
            }
            x += run.max(1);
        }
    }
    Ok(QrCode {
        size: width + 2 * QUIET,
        path,
    })
}
