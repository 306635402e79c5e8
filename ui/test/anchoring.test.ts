// Passages are found again in texts that have changed, and not where they are gone.

import { expect, test } from 'vitest';

import { anchor, describe as describeSpan } from '../src/lib/article/anchoring';

const TEXT =
  'Kapal Bima tiba di pelabuhan pagi ini. 🚢 Air naik dua meter dalam semalam, kata petugas. ' +
  'Warga diminta menjauh dari pantai. Air naik lagi sore nanti, kata petugas.';

function quoteOf(passage: string, text = TEXT, from = 0) {
  const start = text.indexOf(passage, from);
  return describeSpan(text, { start, end: start + passage.length });
}

function found(text: string, quote: ReturnType<typeof quoteOf>) {
  const span = anchor(text, quote);
  return span && text.slice(span.start, span.end);
}

test('positions count code points, as the recommendation says', () => {
  const quote = quoteOf('Air naik dua');
  expect(quote.start).toBe([...TEXT.slice(0, TEXT.indexOf('Air naik dua'))].length);
  expect(quote.end - quote.start).toBe(12);
  expect(quote.prefix.endsWith('🚢 ')).toBe(true);
});

test('a context never begins inside a character', () => {
  const text = '🚢'.repeat(60) + 'kata' + '🚢'.repeat(60);
  const { prefix, suffix } = quoteOf('kata', text);
  // It throws on half a character.
  for (const part of [prefix, suffix]) expect(encodeURIComponent(part)).not.toBe('');
});

test('of equal passages, the one with the same context is chosen', () => {
  const second = TEXT.lastIndexOf('kata petugas');
  expect(anchor(TEXT, quoteOf('kata petugas'))?.start).toBe(TEXT.indexOf('kata petugas'));
  expect(anchor(TEXT, quoteOf('kata petugas', TEXT, second))?.start).toBe(second);
  const longer = `Diperbarui. ${TEXT}`;
  expect(anchor(longer, quoteOf('kata petugas', TEXT, second))?.start).toBe(
    longer.lastIndexOf('kata petugas'),
  );
});

test('a passage with small changes is found', () => {
  const changed = TEXT.replace('dua meter', '2 meter').replace('dalam semalam', 'semalam');
  expect(found(changed, quoteOf('Air naik dua meter dalam semalam, kata petugas.'))).toBe(
    'Air naik 2 meter semalam, kata petugas.',
  );
  expect(found(TEXT.replace('pelabuhan', '\n  pelabuhan'), quoteOf('tiba di pelabuhan pagi'))).toBe(
    'tiba di \n  pelabuhan pagi',
  );
});

test('a passage that is gone is not found, a short one not by chance', () => {
  expect(
    found('Harga beras turun di semua pasar hari ini.', quoteOf('Air naik dua meter')),
  ).toBeNull();
  // "Bima" and "Bisa" differ in one letter of four.
  expect(found('Warga Bisa pulang.', quoteOf('Bima'))).toBeNull();
  expect(found(TEXT.replace('Bima', 'Bimo'), quoteOf('Bima'))).toBe('Bimo');
  expect(found('', quoteOf('Bima'))).toBeNull();
});
