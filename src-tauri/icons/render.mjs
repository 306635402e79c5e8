// Renders icon.svg into what the desktop systems and the browser extension want: `node src-tauri/icons/render.mjs`.
// Up to 48 pixels the sheet is left unprinted, since its lines would only be a blur.

import { readFileSync, writeFileSync } from 'node:fs';

import { Resvg } from '@resvg/resvg-js';

const file = (name) => new URL(name, import.meta.url);
const printed = readFileSync(file('icon.svg'), 'utf8');
const plain = printed.replace(/<g id="print">[\s\S]*<\/g>/, '');

function png(size) {
  const svg = size <= 48 ? plain : printed;
  return new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
}

/** A Windows icon: a directory of PNG pictures. */
function ico(sizes) {
  const pictures = sizes.map((size) => ({ size, bytes: png(size) }));
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, bytes }, index) => {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(bytes.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  });
  return Buffer.concat([head, ...pictures.map(({ bytes }) => bytes)]);
}

/** An Apple icon: PNG pictures, each behind its type and length. */
function icns(types) {
  const chunks = Object.entries(types).map(([type, size]) => chunk(type, png(size)));
  return chunk('icns', Buffer.concat(chunks));
}

function chunk(type, bytes) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(bytes.length + 8, 4);
  return Buffer.concat([head, bytes]);
}

writeFileSync(file('32x32.png'), png(32));
writeFileSync(file('128x128.png'), png(128));
writeFileSync(file('128x128@2x.png'), png(256));
writeFileSync(file('icon.png'), png(512));
writeFileSync(file('icon.ico'), ico([16, 24, 32, 48, 64, 128, 256]));
writeFileSync(
  file('icon.icns'),
  icns({ ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }),
);

for (const size of [16, 32, 48, 128]) {
  writeFileSync(file(`../../packaging/browser/icons/${size}.png`), png(size));
}
