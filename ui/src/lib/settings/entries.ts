// The settings by name, for the palette. A test compares them with the controls that the sections show.

import type { MessageKey } from '../i18n/i18n.svelte';

/** By section, in the order shown. */
export const SETTINGS: Readonly<Record<string, readonly MessageKey[]>> = {
  appearance: [
    'settings.language',
    'settings.theme',
    'settings.scale',
    'settings.density',
    'settings.previewLines',
    'settings.thumbnails',
    'settings.dimPictures',
  ],
  reading: [
    'settings.textSize',
    'settings.lineWidth',
    'settings.lineHeight',
    'settings.face',
    'settings.justify',
    'settings.hyphenate',
    'style.title',
    'settings.markRead',
    'settings.markScrolled',
    'settings.today',
    'settings.storyRead',
  ],
  aloud: ['aloud.speed', 'aloud.goOn'],
  forwarding: ['settings.whatsapp', 'settings.via', 'settings.googleNews'],
  sync: [
    'settings.syncAtStart',
    'settings.syncInterval',
    'settings.saveResources',
    'settings.proxy',
    'settings.pictures',
  ],
  background: [
    'background.keepRunning',
    'background.atLogin',
    'background.badge',
    'background.notify',
    'background.quiet',
  ],
  storage: [
    'settings.keepDays',
    'settings.keepFeedArticles',
    'settings.keepArticles',
    'settings.keepMegabytes',
    'settings.keepPictures',
    'settings.keepUnread',
  ],
  saver: ['saver.budget', 'saver.onRequest', 'saver.pictures'],
  'auto-pack': ['auto.daily'],
  data: [
    'settings.import',
    'settings.carry',
    'settings.export',
    'settings.exportSaved',
    'settings.snapshot',
    'settings.restore',
  ],
  help: ['updates.check', 'help.copyDiagnostics'],
};
