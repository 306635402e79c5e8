// The modifier key of shortcuts: Command on a Mac, Ctrl elsewhere. The other one is not Warta's: on a Mac, Ctrl with
// letters moves the caret in text fields; elsewhere, the Meta key belongs to the desktop.

interface Modifiers {
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Whether a `navigator.platform` is one of Apple's. */
export function isApple(platform: string): boolean {
  return /^(Mac|iP(hone|ad|od))/.test(platform);
}

export const IS_MAC = isApple(navigator.platform);

/** Whether the modifier key alone was held. */
export function hasMod({ ctrlKey, metaKey }: Modifiers, mac = IS_MAC): boolean {
  return mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
}

/** The name of the modifier key. */
export function modName(mac = IS_MAC): string {
  return mac ? '⌘' : 'Ctrl';
}

/** A combination with the modifier key, as text: "Ctrl+V", "⌘V". */
export function combination(key: string, mac = IS_MAC): string {
  return mac ? `⌘${key}` : `Ctrl+${key}`;
}
