// Draws the demonstration's pictures: flat scenes without any lettering, the same for the same seed.
// Drawn once and kept in the system's temporary folder.

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenes } from './scenes.mjs';
import { H, lights, randomFrom, W } from './strokes.mjs';

const folder = join(tmpdir(), 'warta-demonstration-pictures');

/** A PNG of 1200 × 800: `scene:light`, varied by the seed. */
export async function drawPicture(name, seed) {
  return render(pictureSvg(name, seed), W);
}

/** The same as SVG. */
export function pictureSvg(name, seed) {
  const [scene, light] = name.split(':');
  if (!scenes[scene] || !lights[light]) throw new Error(`no picture is called ${name}`);
  const drawing = scenes[scene](lights[light], randomFrom(seed));
  // Half of them are mirrored, so that neighbouring pictures of the same scene look different.
  const turned = randomFrom(`${seed} turned`)() < 0.5 ? ` transform="translate(${W} 0) scale(-1 1)"` : '';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}"><g${turned}>${drawing}</g></svg>`;
}

/** A publisher's icon, 128 × 128: a plain mark in its colour. */
export async function drawIcon({ id, colour }) {
  const random = randomFrom(id);
  const bars = [0, 1, 2].map((i) => {
    const length = 40 + random() * 44;
    return `<rect x="${64 - length / 2}" y="${34 + i * 23}" width="${length}" height="13" rx="6.5" fill="#fff" opacity="${0.95 - i * 0.2}"/>`;
  });
  return render(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128"><rect width="128" height="128" rx="28" fill="${colour}"/>${bars.join('')}</svg>`, 128);
}

const drawn = new Map();

function render(svg, width) {
  const key = createHash('sha256').update(svg).digest('hex').slice(0, 24);
  if (!drawn.has(key)) drawn.set(key, fromFolder(key, svg, width));
  return drawn.get(key);
}

async function fromFolder(key, svg, width) {
  const file = join(folder, `${key}.png`);
  try {
    return await readFile(file);
  } catch {
    const { renderAsync } = await import('@resvg/resvg-js');
    const image = await renderAsync(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } });
    const png = image.asPng();
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.${process.pid}`, png);
    await rename(`${file}.${process.pid}`, file);
    return png;
  }
}
