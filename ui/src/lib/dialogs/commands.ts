// The command palette's entries: shortcuts, folders and feeds, and commands without a shortcut.

import { t } from '../i18n/i18n.svelte';
import type { App } from '../state/app.svelte';
import { KEYS, type KeyCommand } from '../state/keys';
import type { Place } from '../backend';
import { THEMES } from '../settings/choices';
import { SETTINGS } from '../settings/entries';

export interface Command {
  id: string;
  name: string;
  /** Translated kind, e.g. "Feed". */
  group: string;
  key?: string;
  /** Shown only when it fits what was typed. */
  onlyFound?: boolean;
  run: () => void;
}

/** Commands for moving are left out: they are only useful as keys. */
const isListed = ({ id, group }: KeyCommand) => group !== 'move' && id !== 'palette';

export function commands(app: App): Command[] {
  const show = (place: Place) => {
    app.navigation.go({ kind: 'place', place });
    app.focus.main();
  };
  const go = t('palette.place');
  const act = t('palette.action');
  const byKey = KEYS.filter(
    (command) => isListed(command) && (command.group !== 'article' || app.navigation.current),
  ).map((command) => ({
    id: command.id,
    name: t(command.label),
    group: command.group === 'go' ? go : act,
    ...(command.keys[0] === undefined ? {} : { key: command.keys[0] }),
    run: () => command.run(app),
  }));
  const more: [id: string, name: string, run: () => void][] = [
    ['pack', t('packs.new'), () => app.dialogs.open({ kind: 'pack' })],
    ['outbox', t('outbox.title'), () => app.dialogs.open({ kind: 'outbox' })],
    ['forwarding', t('palette.forwarding'), () => app.dialogs.open({ kind: 'forwarding' })],
    ['activity', t('palette.activity'), () => app.dialogs.open({ kind: 'activity' })],
    ['health', t('health.title'), () => app.dialogs.open({ kind: 'health' })],
    ['rules', t('rules.title'), () => app.dialogs.open({ kind: 'rules' })],
    ['search-help', t('search.help'), () => app.dialogs.open({ kind: 'searchHelp' })],
    ['original', t('palette.original'), () => app.dialogs.open({ kind: 'original' })],
    ...THEMES.map((theme): (typeof more)[number] => [
      `theme-${theme}`,
      t('palette.theme', { theme: t(`theme.${theme}`) }),
      () => void app.session.changeSettings({ theme }),
    ]),
  ];
  if (app.navigation.current) {
    const subject = { kind: 'article' as const, id: app.navigation.current.id };
    if (app.reader.article && app.reader.article.page.status !== 'none' && !app.session.offline) {
      const get = () => app.session.attempt(app.backend.fetchFullText(subject.id));
      more.unshift(['full-text', t('text.fetch'), () => void get()]);
    }
    more.unshift([
      'whatsapp',
      t('keys.forwardWhatsapp'),
      () => app.forwarding.start(subject, 'whatsapp'),
    ]);
  }
  return [
    ...byKey,
    ...more.map(([id, name, run]) => ({ id, name, group: act, run })),
    ...app.library.places.searches.map(({ id, name, query }) => ({
      id: `search-${id}`,
      name,
      group: t('palette.search'),
      run: () => app.navigation.openSearch(query),
    })),
    ...app.library.places.tags.map(({ id, name }) => ({
      id: `tag-${id}`,
      name,
      group: t('palette.tag'),
      run: () => show({ kind: 'tag', id }),
    })),
    ...app.library.places.folders.map(({ id, name }) => ({
      id: `folder-${id}`,
      name,
      group: t('folder.title'),
      run: () => show({ kind: 'folder', id }),
    })),
    ...app.library.places.feeds.map(({ id, title }) => ({
      id: `feed-${id}`,
      name: title,
      group: t('feed.title'),
      run: () => show({ kind: 'feed', id }),
    })),
    ...Object.values(SETTINGS)
      .flat()
      .map((key) => ({
        id: `setting-${key}`,
        name: t(key),
        group: t('palette.setting'),
        onlyFound: true,
        run: () => app.dialogs.open({ kind: 'settings', find: t(key) }),
      })),
    ...KEYS.filter(({ group }) => group === 'move').map(({ id, label, keys }) => ({
      id: `key-${id}`,
      name: t(label),
      group: t('palette.shortcut'),
      onlyFound: true,
      ...(keys[0] === undefined ? {} : { key: keys[0] }),
      run: () => app.dialogs.open({ kind: 'keys' }),
    })),
  ];
}
