// The keyboard shortcuts. The list of shortcuts, the palette and the tests use the same table.

import type { MessageKey } from '../i18n/i18n.svelte';
import type { App } from './app.svelte';
import { hasMod, IS_MAC } from './modifier';
import type { View } from './places.svelte';

export type KeyGroup = 'move' | 'article' | 'aloud' | 'go' | 'app';

export interface KeyCommand {
  id: string;
  /** Alternatives; "g u" is two keys in sequence, "Mod" is Ctrl, on a Mac ⌘. */
  keys: readonly string[];
  group: KeyGroup;
  label: MessageKey;
  run: (app: App) => void;
  /** Works in dialogs, too. */
  everywhere?: boolean;
}

export const KEYS: readonly KeyCommand[] = [
  {
    id: 'next',
    keys: ['j'],
    group: 'move',
    label: 'article.next',
    run: (app) => void app.navigation.step(1),
  },
  {
    id: 'previous',
    keys: ['k'],
    group: 'move',
    label: 'article.previous',
    run: (app) => void app.navigation.step(-1),
  },
  {
    id: 'nextUnread',
    keys: ['n'],
    group: 'move',
    label: 'keys.nextUnread',
    run: (app) => void app.navigation.stepUnread(1),
  },
  {
    id: 'previousUnread',
    keys: ['p'],
    group: 'move',
    label: 'keys.previousUnread',
    run: (app) => void app.navigation.stepUnread(-1),
  },
  {
    id: 'open',
    keys: ['o', 'Enter'],
    group: 'move',
    label: 'keys.open',
    run: (app) => void app.navigation.openSelected(),
  },
  {
    id: 'back',
    keys: ['Escape', 'u'],
    group: 'move',
    label: 'back',
    run: (app) => app.navigation.back(),
  },
  {
    id: 'historyBack',
    keys: ['Alt+ArrowLeft', 'Mod+['],
    group: 'move',
    label: 'keys.historyBack',
    run: (app) => app.navigation.historyBack(),
  },
  {
    id: 'historyForward',
    keys: ['Alt+ArrowRight', 'Mod+]'],
    group: 'move',
    label: 'keys.historyForward',
    run: (app) => app.navigation.historyForward(),
  },

  {
    id: 'pageDown',
    keys: ['Space', 'PageDown'],
    group: 'move',
    label: 'keys.pageDown',
    run: (app) => void app.navigation.readOn(),
  },
  {
    id: 'pageUp',
    keys: ['Shift+Space', 'PageUp'],
    group: 'move',
    label: 'keys.pageUp',
    run: (app) => void app.scrolling.page(-1),
  },
  {
    id: 'lineDown',
    keys: ['ArrowDown'],
    group: 'move',
    label: 'keys.lineDown',
    run: (app) => app.scrolling.line(1),
  },
  {
    id: 'lineUp',
    keys: ['ArrowUp'],
    group: 'move',
    label: 'keys.lineUp',
    run: (app) => app.scrolling.line(-1),
  },
  {
    id: 'top',
    keys: ['Home'],
    group: 'move',
    label: 'keys.top',
    run: (app) => app.scrolling.edge(-1),
  },
  {
    id: 'end',
    keys: ['End'],
    group: 'move',
    label: 'keys.end',
    run: (app) => app.scrolling.edge(1),
  },

  {
    id: 'save',
    keys: ['s'],
    group: 'article',
    label: 'keys.save',
    run: (app) => app.actions.toggleSaved(),
  },
  {
    id: 'read',
    keys: ['m'],
    group: 'article',
    label: 'keys.read',
    run: (app) => app.actions.toggleRead(),
  },
  {
    id: 'forward',
    keys: ['f'],
    group: 'article',
    label: 'article.forward',
    run: (app) => app.forwarding.start(),
  },
  {
    id: 'forwardWhatsapp',
    keys: ['f w'],
    group: 'article',
    label: 'keys.forwardWhatsapp',
    run: (app) => app.forwarding.start(undefined, 'whatsapp'),
  },
  {
    id: 'forwardGoogleNews',
    keys: ['f g'],
    group: 'article',
    label: 'forward.find',
    run: (app) => app.forwarding.start(undefined, 'google-news'),
  },
  {
    id: 'forwardCopy',
    keys: ['f c'],
    group: 'article',
    label: 'keys.forwardCopy',
    run: (app) => void app.forwarding.copyLink(),
  },
  {
    id: 'forwardDigest',
    keys: ['f d'],
    group: 'app',
    label: 'keys.forwardDigest',
    run: (app) => app.dialogs.open({ kind: 'digest' }),
  },
  {
    id: 'highlight',
    keys: ['h'],
    group: 'article',
    label: 'highlights.key',
    run: (app) => void app.highlights.press(),
  },
  {
    id: 'tag',
    keys: ['t'],
    group: 'article',
    label: 'tags.key',
    run: (app) => app.actions.tag(),
  },
  {
    id: 'muteWords',
    keys: ['X'],
    group: 'article',
    label: 'rule.muteWords',
    run: (app) => app.actions.muteWords(app.highlights.selectedText() ?? undefined),
  },
  {
    id: 'publisher',
    keys: ['v'],
    group: 'article',
    label: 'article.open',
    run: (app) => app.navigation.current?.url && app.session.openLink(app.navigation.current.url),
  },
  {
    id: 'copy',
    keys: ['y'],
    group: 'article',
    label: 'keys.copy',
    run: (app) =>
      app.navigation.current?.url && void app.session.copyLink(app.navigation.current.url),
  },
  {
    id: 'find',
    keys: ['Mod+f'],
    group: 'article',
    label: 'find.title',
    run: (app) => app.navigation.startFind(),
  },
  {
    id: 'findNext',
    keys: ['F3'],
    group: 'article',
    label: 'find.next',
    run: (app) => app.reader.openId !== null && app.find.step(1),
  },
  {
    id: 'findPrevious',
    keys: ['Shift+F3'],
    group: 'article',
    label: 'find.previous',
    run: (app) => app.reader.openId !== null && app.find.step(-1),
  },
  {
    id: 'print',
    keys: ['Mod+p'],
    group: 'article',
    label: 'keys.print',
    run: (app) => void app.reader.print(),
  },

  {
    id: 'follow',
    keys: ['w'],
    group: 'article',
    label: 'keys.follow',
    run: (app) => app.navigation.view.kind === 'story' && void app.actions.followStory(),
  },
  {
    id: 'muteStory',
    keys: ['x'],
    group: 'article',
    label: 'keys.muteStory',
    run: (app) => app.navigation.view.kind === 'story' && void app.actions.muteStory(),
  },

  {
    id: 'aloud',
    keys: ['l'],
    group: 'aloud',
    label: 'keys.aloud',
    run: (app) => app.reader.openId !== null && app.aloud.toggle(),
  },
  {
    id: 'aloudBack',
    keys: [','],
    group: 'aloud',
    label: 'aloud.back',
    run: (app) => app.aloud.step(-1),
  },
  {
    id: 'aloudForward',
    keys: ['.'],
    group: 'aloud',
    label: 'aloud.forward',
    run: (app) => app.aloud.step(1),
  },
  {
    id: 'aloudSlower',
    keys: ['<'],
    group: 'aloud',
    label: 'aloud.slower',
    run: (app) => app.aloud.active && app.aloud.changeSpeed(-1),
  },
  {
    id: 'aloudFaster',
    keys: ['>'],
    group: 'aloud',
    label: 'aloud.faster',
    run: (app) => app.aloud.active && app.aloud.changeSpeed(1),
  },
  {
    id: 'aloudNext',
    keys: ['N'],
    group: 'aloud',
    label: 'aloud.next',
    run: (app) => void app.aloud.nextArticle(),
  },
  {
    id: 'aloudStop',
    keys: ['L'],
    group: 'aloud',
    label: 'aloud.stop',
    run: (app) => app.aloud.stop(),
  },

  {
    id: 'front',
    keys: ['g b'],
    group: 'go',
    label: 'place.front',
    run: (app) => go(app, { kind: 'front' }),
  },
  {
    id: 'unread',
    keys: ['g u'],
    group: 'go',
    label: 'place.unread',
    run: (app) => go(app, { kind: 'place', place: { kind: 'unread' } }),
  },
  {
    id: 'today',
    keys: ['g t'],
    group: 'go',
    label: 'place.today',
    run: (app) => go(app, { kind: 'place', place: { kind: 'today' } }),
  },
  {
    id: 'saved',
    keys: ['g s'],
    group: 'go',
    label: 'place.saved',
    run: (app) => go(app, { kind: 'place', place: { kind: 'saved' } }),
  },
  {
    id: 'all',
    keys: ['g a'],
    group: 'go',
    label: 'place.all',
    run: (app) => go(app, { kind: 'place', place: { kind: 'all' } }),
  },

  {
    id: 'past',
    keys: ['g p'],
    group: 'go',
    label: 'place.past',
    run: (app) => go(app, { kind: 'past' }),
  },

  {
    id: 'highlights',
    keys: ['g h'],
    group: 'go',
    label: 'place.highlights',
    run: (app) => go(app, { kind: 'highlights' }),
  },

  {
    id: 'palette',
    keys: ['Mod+k'],
    group: 'app',
    label: 'keys.palette',
    run: (app) => app.dialogs.open({ kind: 'palette' }),
  },
  {
    id: 'search',
    keys: ['/'],
    group: 'app',
    label: 'search.placeholder',
    run: (app) => app.navigation.startSearch(),
  },
  {
    id: 'saveSearch',
    keys: ['Mod+s'],
    group: 'app',
    label: 'keys.saveSearch',
    run: (app) => app.navigation.view.kind === 'search' && app.actions.saveSearch(),
  },
  {
    id: 'sync',
    keys: ['r'],
    group: 'app',
    label: 'sync.now',
    run: (app) => app.actions.startSync(),
  },
  {
    id: 'markAllRead',
    keys: ['A'],
    group: 'app',
    label: 'list.markAllRead',
    run: (app) => void app.actions.markAllRead(),
  },
  {
    id: 'markAbove',
    keys: ['a k'],
    group: 'article',
    label: 'list.markAbove',
    run: (app) => void app.actions.markAbove(),
  },
  {
    id: 'markBelow',
    keys: ['a j'],
    group: 'article',
    label: 'list.markBelow',
    run: (app) => void app.actions.markBelow(),
  },
  {
    id: 'markOlderDay',
    keys: ['a d'],
    group: 'app',
    label: 'list.markOlderDay',
    run: (app) => void app.actions.markOlder(24),
  },
  {
    id: 'markOlderWeek',
    keys: ['a w'],
    group: 'app',
    label: 'list.markOlderWeek',
    run: (app) => void app.actions.markOlder(7 * 24),
  },
  {
    id: 'undo',
    keys: ['Mod+z'],
    group: 'app',
    label: 'keys.undo',
    run: (app) => app.toasts.undo(),
  },
  {
    id: 'add',
    keys: ['+'],
    group: 'app',
    label: 'places.add',
    run: (app) => app.dialogs.open({ kind: 'addFeed' }),
  },
  {
    id: 'places',
    keys: ['['],
    group: 'app',
    label: 'keys.places',
    run: (app) => app.layout.toggle('places'),
  },
  {
    id: 'list',
    keys: [']'],
    group: 'app',
    label: 'keys.list',
    run: (app) => app.layout.toggle('list'),
  },
  {
    id: 'larger',
    keys: ['Mod+='],
    group: 'app',
    label: 'keys.larger',
    everywhere: true,
    run: (app) => app.actions.scaleInterface(1),
  },
  {
    id: 'smaller',
    keys: ['Mod+-'],
    group: 'app',
    label: 'keys.smaller',
    everywhere: true,
    run: (app) => app.actions.scaleInterface(-1),
  },
  {
    id: 'ownSize',
    keys: ['Mod+0'],
    group: 'app',
    label: 'keys.ownSize',
    everywhere: true,
    run: (app) => app.actions.scaleInterface(0),
  },
  {
    id: 'settings',
    keys: ['Mod+,'],
    group: 'app',
    label: 'settings.title',
    run: (app) => app.dialogs.open({ kind: 'settings' }),
  },
  {
    id: 'help',
    keys: ['?'],
    group: 'app',
    label: 'keys.help',
    run: (app) => app.dialogs.open({ kind: 'keys' }),
  },
];

/** Moves the focus too, so that no focus ring stays on the page that was left. */
function go(app: App, view: View): void {
  app.navigation.go(view);
  app.focus.main();
}

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** Where the focus is when a key is pressed. */
export interface KeyContext {
  /** In a text field: letters are text. */
  typing: boolean;
  /** On a button or link, which handles Enter and Space itself. */
  onControl: boolean;
  /** On the row of the open article, where Space scrolls the article instead of opening it again. */
  onOpenRow: boolean;
  /** On a row of the list, where arrows move from row to row. */
  onRow: boolean;
  /** In another scroll box than the one in front; that box handles scrolling keys itself. */
  scrollsElsewhere: boolean;
  /** A dialog is open and handles the keys. */
  dialog: boolean;
}

/** Scrolling keys, by their event names. */
const SCROLL_KEYS: ReadonlySet<string> = new Set([
  ' ',
  'PageDown',
  'PageUp',
  'ArrowDown',
  'ArrowUp',
  'Home',
  'End',
]);
/** What keys do on a row of the list, by their event names. */
const ROW_KEYS: Readonly<Record<string, KeyCommand>> = {
  ArrowDown: { ...command('next'), run: (app) => void app.navigation.step(1) },
  ArrowUp: { ...command('previous'), run: (app) => void app.navigation.step(-1) },
  Home: { ...command('top'), run: (app) => app.navigation.edge(-1) },
  End: { ...command('end'), run: (app) => app.navigation.edge(1) },
};
/** Maximum time between the keys of a sequence, in milliseconds. */
const SEQUENCE = 1200;

/** Maps key presses to commands and remembers the first key of a sequence. */
export class Keyboard {
  readonly #mac: boolean;
  #first = '';
  #firstAt = 0;

  constructor(mac = IS_MAC) {
    this.#mac = mac;
  }

  press(press: KeyPress, context: KeyContext, at: number): KeyCommand | null {
    if (press.altKey) {
      const plain = !press.ctrlKey && !press.metaKey && !press.shiftKey;
      return plain && !context.dialog && !context.typing ? find(`Alt+${press.key}`) : null;
    }
    const first = at - this.#firstAt < SEQUENCE ? this.#first : '';
    this.#first = '';
    const withMod = hasMod(press, this.#mac);
    if (!withMod && (press.ctrlKey || press.metaKey)) return null;
    if (first !== '' && !withMod && !context.typing) {
      // Even if the first key has opened a dialog, the second one completes the sequence.
      const second = find(`${first} ${press.key}`);
      if (second) return second;
    }
    const found = withMod ? find(`Mod+${combined(press.key)}`) : null;
    if (context.dialog) return found?.everywhere ? found : null;
    if (withMod) {
      // In a field, undo is the field's own.
      return context.typing && found?.id === 'undo' ? null : found;
    }
    if (context.typing) return null;
    if (context.onRow && press.key in ROW_KEYS) return ROW_KEYS[press.key] ?? null;
    const scrolls = SCROLL_KEYS.has(press.key);
    if (scrolls && context.scrollsElsewhere && !context.onOpenRow) return null;
    if (press.key === ' ') {
      if (context.onControl && !context.onOpenRow) return null;
      return find(press.shiftKey ? 'Shift+Space' : 'Space');
    }
    if (press.key === 'Enter' && context.onControl) return null;
    if (press.shiftKey && /^F\d+$/.test(press.key)) return find(`Shift+${press.key}`);
    if (KEYS.some(({ keys }) => keys.some((key) => key.startsWith(`${press.key} `)))) {
      this.#first = press.key;
      this.#firstAt = at;
    }
    return find(press.key);
  }
}

function command(id: string): KeyCommand {
  const found = KEYS.find((one) => one.id === id);
  if (!found) throw new Error(`There is no command ${id}.`);
  return found;
}

/** A key as the table names it in combinations: plus and equals sign share a key. */
function combined(key: string): string {
  return key === '+' ? '=' : key.toLowerCase();
}

function find(pressed: string): KeyCommand | null {
  return KEYS.find(({ keys }) => keys.includes(pressed)) ?? null;
}
