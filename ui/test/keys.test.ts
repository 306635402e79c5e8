import { describe, expect, test } from 'vitest';

import { Keyboard, KEYS, type KeyContext } from '../src/lib/state/keys';

const free: KeyContext = { typing: false, onControl: false, dialog: false };

function press(keyboard: Keyboard, key: string, context: Partial<KeyContext> = {}, at = 0) {
  const plain = key.replace('Mod+', '');
  return (
    keyboard.press(
      { key: plain, ctrlKey: key.startsWith('Mod+'), metaKey: false, altKey: false },
      { ...free, ...context },
      at,
    )?.id ?? null
  );
}

test.each([
  ['j', 'next'],
  ['k', 'previous'],
  ['n', 'nextUnread'],
  ['p', 'previousUnread'],
  ['o', 'open'],
  ['Enter', 'open'],
  ['Escape', 'back'],
  ['u', 'back'],
  ['s', 'save'],
  ['m', 'read'],
  ['f', 'forward'],
  ['/', 'search'],
  ['r', 'sync'],
  ['A', 'markAllRead'],
  ['?', 'help'],
  ['Mod+k', 'palette'],
])('%s is %s', (key, id) => {
  expect(press(new Keyboard(), key)).toBe(id);
});

test.each([
  ['b', 'front'],
  ['u', 'unread'],
  ['t', 'today'],
  ['s', 'saved'],
  ['a', 'all'],
])('g then %s goes to %s', (key, id) => {
  const keyboard = new Keyboard();
  expect(press(keyboard, 'g')).toBeNull();
  expect(press(keyboard, key, {}, 300)).toBe(id);
});

test.each([
  ['w', 'forwardWhatsapp'],
  ['g', 'forwardGoogleNews'],
  ['c', 'forwardCopy'],
  ['d', 'forwardDigest'],
])('f opens at once, and %s right behind it decides where to', (key, id) => {
  const keyboard = new Keyboard();
  expect(press(keyboard, 'f')).toBe('forward');
  expect(press(keyboard, key, { dialog: true }, 300)).toBe(id);
});

test('what is typed into the message that f opened is text', () => {
  const keyboard = new Keyboard();
  press(keyboard, 'f');
  expect(press(keyboard, 'w', { dialog: true, typing: true }, 300)).toBeNull();
  expect(press(keyboard, 'w', { dialog: true }, 5000)).toBeNull();
});

describe('a sequence', () => {
  test('ends after a while: then the second key is itself', () => {
    const keyboard = new Keyboard();
    press(keyboard, 'g');
    expect(press(keyboard, 's', {}, 5000)).toBe('save');
  });

  test('that does not exist leaves the second key itself', () => {
    const keyboard = new Keyboard();
    press(keyboard, 'g');
    expect(press(keyboard, 'j', {}, 100)).toBe('next');
  });
});

test('letters in a field are text, but the palette still opens', () => {
  expect(press(new Keyboard(), 'j', { typing: true })).toBeNull();
  expect(press(new Keyboard(), 'Mod+k', { typing: true })).toBe('palette');
});

test('Enter on a button is the button’s', () => {
  expect(press(new Keyboard(), 'Enter', { onControl: true })).toBeNull();
  expect(press(new Keyboard(), 'j', { onControl: true })).toBe('next');
});

test('an open dialog has the keys to itself', () => {
  expect(press(new Keyboard(), 'j', { dialog: true })).toBeNull();
});

test('the browser’s own shortcuts stay the browser’s', () => {
  expect(press(new Keyboard(), 'Mod+c')).toBeNull();
  expect(press(new Keyboard(), 'Mod+j')).toBeNull();
});

test('no key is given twice', () => {
  const all = KEYS.flatMap(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
});
