// The engine behind the generated commands and their one event.

import type { Backend } from './backend';
import { commands, events } from './bindings';
import type { Forwarding, Overview, Rule, Settings } from './types';

export const tauriBackend: Backend = {
  ...commands,
  overview: async () => (await commands.overview()) as Overview,
  changeFeed: commands.changeFeed,
  feedDetails: commands.feedDetails,
  renameFolder: async (id, name) => void (await commands.renameFolder(id, name)),
  removeFolder: commands.removeFolder,
  repair: commands.repair,
  importOpml: (bytes) => commands.importOpml(Array.from(bytes)),
  cancelRestore: async () => void (await commands.cancelRestore()),
  sync: async (scope) => void (await commands.sync(scope)),
  chooseText: async (id, page) => void (await commands.chooseText(id, page)),
  fetchFullText: async (id) => void (await commands.fetchFullText(id)),
  fetchSound: async (article, url) => void (await commands.fetchSound(article, url)),
  stopSound: async (url) => void (await commands.stopSound(url)),
  removeSound: async (article, url) => void (await commands.removeSound(article, url)),
  listened: async (url, listening) => void (await commands.listened(url, listening)),
  stopSync: async () => void (await commands.stopSync()),
  forwarding: async () => (await commands.forwarding()) as Forwarding,
  setForwarding: async (forwarding) => (await commands.setForwarding(forwarding)) as Forwarding,
  copyCard: async (request) => void (await commands.copyCard(request)),
  disconnectService: async (id) => void (await commands.disconnectService(id)),
  discardWaiting: async (id) => void (await commands.discardWaiting(id)),
  openLink: async (link) => void (await commands.openLink(link)),
  copyLink: async (link) => void (await commands.copyLink(link)),
  setSettings: async (settings) => (await commands.setSettings(settings)) as Settings,
  removeSearch: async (id) => void (await commands.removeSearch(id)),
  followStory: async (id, follow) => void (await commands.followStory(id, follow)),
  unwatch: async (id) => void (await commands.unwatch(id)),
  rules: async () => (await commands.rules()) as Rule[],
  keepRule: async (rule) => (await commands.keepRule(rule)) as Rule,
  removeRule: async (id) => void (await commands.removeRule(id)),
  removeTag: async (id) => void (await commands.removeTag(id)),
  listen: (heard) => events.engineEvent.listen(({ payload }) => heard(payload)),
};
