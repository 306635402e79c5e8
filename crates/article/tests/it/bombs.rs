//! Decompression bombs: each ends with a result and costs less than 100 MB and a second. Each runs
//! in its own process, so that its memory can be measured.

use std::io::{Cursor, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat, RgbImage};
use warta_article::picture::{BadPicture, keep_with_thumbnail};

const BOMB: &str = "WARTA_TEST_BOMB";
const MAX_KILOBYTES: u64 = 100_000;

fn chunk(out: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend(name);
    out.extend(data);
    let sum = out[start..].iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 }
        })
    });
    out.extend((!sum).to_be_bytes());
}

fn zeros(count: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let block = vec![0; 1 << 20];
    for at in (0..count).step_by(block.len()) {
        encoder
            .write_all(&block[..block.len().min(count - at)])
            .expect("into memory");
    }
    encoder.finish().expect("into memory")
}

/// A PNG of black pixels; `colour` is 2 (RGB) or 6 (RGBA).
fn png(width: u32, height: u32, colour: u8, profile: Option<usize>) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, colour, 0, 0, 0]);
    chunk(&mut out, *b"IHDR", &header);
    if let Some(bytes) = profile {
        let mut data = b"profil\0\0".to_vec();
        data.extend(zeros(bytes));
        chunk(&mut out, *b"iCCP", &data);
        let mut text = b"Comment\0\0".to_vec();
        text.extend(zeros(bytes));
        chunk(&mut out, *b"zTXt", &text);
    }
    let channels = if colour == 6 { 4 } else { 3 };
    let raw = height as usize * (1 + width as usize * channels);
    chunk(&mut out, *b"IDAT", &zeros(raw));
    chunk(&mut out, *b"IEND", &[]);
    out
}

/// A GIF with this many one-pixel frames.
fn gif(frames: usize, side: u16) -> Vec<u8> {
    let mut out = b"GIF89a".to_vec();
    out.extend(side.to_le_bytes());
    out.extend(side.to_le_bytes());
    out.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    for _ in 0..frames {
        out.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    }
    out.push(0x3b);
    out
}

/// A JPEG whose header states these dimensions; progressive on request.
fn jpeg(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(64, 64))
        .write_to(&mut bytes, ImageFormat::Jpeg)
        .expect("into memory");
    let mut bytes = bytes.into_inner();
    let frame = bytes
        .windows(2)
        .position(|two| two == [0xff, 0xc0])
        .expect("a frame");
    if progressive {
        bytes[frame + 1] = 0xc2;
    }
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// Each bomb and the expected result.
const BOMBS: [(&str, &str); 12] = [
    ("30,000 x 30,000 pixels", "too large"),
    ("many pixels in few bytes", "kept"),
    ("too many pixels for RGBA", "too large"),
    ("a profile that decompresses to gigabytes", "kept"),
    ("a GIF of 10,000 frames", "too long"),
    ("a GIF of large frames", "too long"),
    ("an SVG with script", "unknown"),
    ("a page that says it is a picture", "unknown"),
    ("a progressive JPEG", "too large"),
    ("a truncated JPEG", "kept or damaged"),
    ("a JPEG of 65,535 x 65,535 pixels", "too large"),
    ("a profile that just fits", "kept"),
];

fn bomb(which: usize) -> Vec<u8> {
    match which {
        0 => with_height(&png(30_000, 1, 6, None), 30_000),
        1 => png(5_900, 4_000, 2, None),
        2 => png(5_900, 4_000, 6, None),
        3 => png(8, 8, 2, Some(200 << 20)),
        4 => gif(10_000, 1),
        5 => gif(200, 4_000),
        6 => b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        7 => b"<!doctype html><p>Masuk dahulu</p>".to_vec(),
        8 => jpeg(6_000, 4_000, true),
        9 => jpeg(6_000, 4_000, false),
        10 => jpeg(65_500, 65_500, false),
        _ => png(8, 8, 2, Some(70 << 20)),
    }
}

/// The same PNG with another height in its header.
fn with_height(png: &[u8], height: u32) -> Vec<u8> {
    let mut header = png[16..29].to_vec();
    header[4..8].copy_from_slice(&height.to_be_bytes());
    let mut out = png[..8].to_vec();
    chunk(&mut out, *b"IHDR", &header);
    out.extend(&png[33..]);
    out
}

/// The child process: prints the result, the time and the peak memory.
#[test]
fn child_decodes_a_bomb() {
    let Some(which) = std::env::var(BOMB)
        .ok()
        .and_then(|n| n.parse::<usize>().ok())
    else {
        return;
    };
    let bytes = bomb(which);
    let before = memory("VmRSS:");
    // What was needed to make the bomb does not count.
    #[expect(
        clippy::disallowed_methods,
        reason = "resets the kernel's peak-memory counter"
    )]
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    let (began, worked) = (Instant::now(), processor_time());
    let answer = keep_with_thumbnail(&bytes, 1600, Some((240, 180)));
    // Wall-clock time includes other processes: CPU time is measured if possible.
    let took = match (worked, processor_time()) {
        (Some(before), Some(after)) => u128::from(after - before),
        _ => began.elapsed().as_millis(),
    };
    let more = memory("VmHWM:").saturating_sub(before);
    let ended = match answer {
        Ok(_) => "kept",
        Err(BadPicture::Unknown) => "unknown",
        Err(BadPicture::TooLarge { .. }) => "too large",
        Err(BadPicture::TooLong(_)) => "too long",
        Err(BadPicture::Tiny) => "tiny",
        Err(BadPicture::Damaged(_)) => "damaged",
    };
    println!("\nbomb|{ended}|{took}|{more}");
}

/// CPU time of this process in milliseconds; `None` if unavailable.
fn processor_time() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut numbers = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let ticks: u64 = numbers.next()?.parse().ok()?;
    let system: u64 = numbers.next()?.parse().ok()?;
    Some((ticks + system) * 10)
}

/// A value in KiB from `/proc/self/status`; 0 if unavailable.
fn memory(name: &str) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "/proc is not the reader's store")]
    let status = std::fs::read("/proc/self/status").unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let line = status.lines().find(|line| line.starts_with(name));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes.and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[test]
fn every_bomb_ends_soon_and_costs_little() {
    for (which, (name, expected)) in BOMBS.into_iter().enumerate() {
        let said = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bombs::child_decodes_a_bomb", "--nocapture"])
            .env(BOMB, which.to_string())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&said.stdout).into_owned();
        let line = said.lines().find(|line| line.starts_with("bomb|"));
        let parts: Vec<&str> = line
            .unwrap_or_else(|| panic!("{name}: the child process failed: {said}"))
            .split('|')
            .collect();
        let (took, more): (u64, u64) = (parts[2].parse().unwrap(), parts[3].parse().unwrap());
        eprintln!("{name}: {} in {took} ms, {more} kB", parts[1]);
        assert!(
            expected.contains(parts[1]),
            "{name} ended as {}, not {expected}",
            parts[1]
        );
        assert!(more <= MAX_KILOBYTES, "{name} took {more} kB");
        // Without optimisation, and beside other tests, everything takes longer.
        let most = Duration::from_secs(if cfg!(debug_assertions) { 8 } else { 1 });
        assert!(
            u128::from(took) <= most.as_millis(),
            "{name} took {took} ms"
        );
    }
}
