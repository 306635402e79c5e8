// How `npm run packaging -- try` sees that a window is painted.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { coloursOf } from '../../scripts/try-deb.mjs';

test("the colours of Xvfb's screen are counted, behind its header and map of colours", () => {
  const folder = mkdtempSync(join(tmpdir(), 'warta-screen-'));
  try {
    const path = join(folder, 'screen');
    assert.equal(coloursOf(path), 0, 'there is no screen yet');
    const header = Buffer.alloc(160, 0xff);
    header.writeUInt32BE(160, 0);
    header.writeUInt32BE(2, 76);
    const map = Buffer.alloc(24, 0x55);
    // The highest byte of a pixel has no colour.
    const pixels = Buffer.from(new Uint32Array([0, 0xff, 0xffff, 0xff0000ff, 0]).buffer);
    writeFileSync(path, Buffer.concat([header, map, pixels]));
    assert.equal(coloursOf(path), 3);
    writeFileSync(path, header.subarray(0, 20));
    assert.equal(coloursOf(path), 0, 'a file that is being written');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
