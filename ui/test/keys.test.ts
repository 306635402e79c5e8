import { describe, expect, test } from 'vitest';

import { Keyboard, KEYS, type KeyContext } from '../src/lib/state/keys';
import { combination, isApple, modName } from '../src/lib/state/modifier';
import { Scrolling, ScrollLayer } from '../src/lib/state/scrolling';

const free: KeyContext = {
  typing: false,
  onControl: false,
  onOpenRow: false,
  onRow: false,
  scrollsElsewhere: false,
  dialog: false,
};

function press(keyboard: Keyboard, key: string, context: Partial<KeyContext> = {}, at = 0) {
  const plain = key.replace(/Mod\+|Shift\+/, '');
  return (
    keyboard.press(
      {
        key: plain,
        ctrlKey: key.startsWith('Mod+'),
        metaKey: false,
        altKey: false,
        shiftKey: key.startsWith('Shift+'),
      },
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
  [' ', 'pageDown'],
  ['Shift+ ', 'pageUp'],
  ['PageDown', 'pageDown'],
  ['PageUp', 'pageUp'],
  ['ArrowDown', 'lineDown'],
  ['ArrowUp', 'lineUp'],
  ['Home', 'top'],
  ['End', 'end'],
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
])('f opens the dialog at once, and %s right after it chooses the channel', (key, id) => {
  const keyboard = new Keyboard();
  expect(press(keyboard, 'f')).toBe('forward');
  expect(press(keyboard, key, { dialog: true }, 300)).toBe(id);
});

test('letters typed into the dialog opened by f are text', () => {
  const keyboard = new Keyboard();
  press(keyboard, 'f');
  expect(press(keyboard, 'w', { dialog: true, typing: true }, 300)).toBeNull();
  expect(press(keyboard, 'w', { dialog: true }, 5000)).toBeNull();
});

describe('a sequence', () => {
  test('times out: then the second key counts alone', () => {
    const keyboard = new Keyboard();
    press(keyboard, 'g');
    expect(press(keyboard, 's', {}, 5000)).toBe('save');
  });

  test('that does not exist counts as its second key alone', () => {
    const keyboard = new Keyboard();
    press(keyboard, 'g');
    expect(press(keyboard, 'j', {}, 100)).toBe('next');
  });
});

test('letters in a field are text, but the palette still opens', () => {
  expect(press(new Keyboard(), 'j', { typing: true })).toBeNull();
  expect(press(new Keyboard(), 'Mod+k', { typing: true })).toBe('palette');
});

test('Enter on a button presses the button', () => {
  expect(press(new Keyboard(), 'Enter', { onControl: true })).toBeNull();
  expect(press(new Keyboard(), 'j', { onControl: true })).toBe('next');
});

test('an open dialog handles all keys', () => {
  expect(press(new Keyboard(), 'j', { dialog: true })).toBeNull();
});

test('shortcuts of the browser are not intercepted', () => {
  expect(press(new Keyboard(), 'Mod+c')).toBeNull();
  expect(press(new Keyboard(), 'Mod+j')).toBeNull();
});

describe('the modifier key', () => {
  const pressed = (mac: boolean, key: string, held: 'ctrlKey' | 'metaKey' | 'both') => {
    const ctrlKey = held !== 'metaKey';
    const metaKey = held !== 'ctrlKey';
    const event = { key, ctrlKey, metaKey, altKey: false, shiftKey: false };
    return new Keyboard(mac).press(event, free, 0)?.id ?? null;
  };

  test.each([',', 'k', 'f', 's', 'z', '=', '0'])(
    'of %s is Command on a Mac, Ctrl elsewhere',
    (key) => {
      const command = press(new Keyboard(false), `Mod+${key}`);
      expect(command).not.toBeNull();
      expect(pressed(true, key, 'metaKey')).toBe(command);
      expect(pressed(false, key, 'ctrlKey')).toBe(command);
    },
  );

  test('leaves the other one alone, which belongs to text fields or to the desktop', () => {
    for (const key of ['k', 'f', 'p', 'j', 'Enter', ' ']) {
      expect(pressed(true, key, 'ctrlKey'), `Ctrl ${key} on a Mac`).toBeNull();
      expect(pressed(false, key, 'metaKey'), `Meta ${key} elsewhere`).toBeNull();
      expect(pressed(true, key, 'both')).toBeNull();
      expect(pressed(false, key, 'both')).toBeNull();
    }
  });

  test('is named as on the keyboard', () => {
    expect([modName(true), modName(false)]).toEqual(['⌘', 'Ctrl']);
    expect([combination('V', true), combination('V', false)]).toEqual(['⌘V', 'Ctrl+V']);
  });

  test.each([
    ['MacIntel', true],
    ['iPad', true],
    ['Linux x86_64', false],
    ['Win32', false],
    ['', false],
  ])('%s: Apple is %s', (platform, apple) => {
    expect(isApple(platform)).toBe(apple);
  });
});

test('no key has two commands', () => {
  const all = KEYS.flatMap(({ keys }) => keys);
  expect(new Set(all).size).toBe(all.length);
});

describe('the keys that scroll', () => {
  test('press a focused button, except the row of the open article', () => {
    const onRow = { onControl: true, scrollsElsewhere: true };
    expect(press(new Keyboard(), ' ', onRow)).toBeNull();
    expect(press(new Keyboard(), ' ', { ...onRow, onOpenRow: true })).toBe('pageDown');
  });

  test('belong to the focused scroll box', () => {
    expect(press(new Keyboard(), 'ArrowDown', { scrollsElsewhere: true })).toBeNull();
    expect(press(new Keyboard(), 'End', { scrollsElsewhere: true })).toBeNull();
  });

  test('are text in a field and belong to an open dialog', () => {
    for (const key of [' ', 'Home', 'ArrowUp']) {
      expect(press(new Keyboard(), key, { typing: true })).toBeNull();
      expect(press(new Keyboard(), key, { dialog: true })).toBeNull();
    }
  });

  test('scroll the front box and report when its end was reached', () => {
    const scrolling = new Scrolling();
    const list = box(1000);
    const article = box(250);
    scrolling.register(list, ScrollLayer.List);
    const remove = scrolling.register(article, ScrollLayer.Article);
    expect(scrolling.page(1)).toBe(true);
    expect(article.scrollTop).toBe(90);
    expect(scrolling.page(1)).toBe(true);
    expect(scrolling.page(1)).toBe(false);
    expect(list.scrollTop).toBe(0);
    remove();
    expect(scrolling.current).toBe(list);
    expect(scrolling.page(-1)).toBe(false);
  });
});

/** A scroll box of 100 px with this content height; happy-dom has no layout. */
function box(height: number): HTMLElement {
  const element = document.createElement('div');
  Object.defineProperties(element, {
    clientHeight: { value: 100 },
    scrollHeight: { value: height },
  });
  element.scrollBy = ((to: ScrollToOptions) => {
    element.scrollTop = Math.min(Math.max(element.scrollTop + (to.top ?? 0), 0), height - 100);
  }) as typeof element.scrollBy;
  return element;
}
