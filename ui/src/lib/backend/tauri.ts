// The engine behind the generated commands and their one event.

import type { Backend } from './backend';
import { commands, events } from './bindings';
import type { Forwarding, Overview, Settings } from './types';

export const tauriBackend: Backend = {
  ...commands,
  overview: async () => (await commands.overview()) as Overview,
  changeFeed: commands.changeFeed,
  feedDetails: commands.feedDetails,
  renameFolder: async (id, name) => void (await commands.renameFolder(id, name)),
  removeFolder: commands.removeFolder,
  repair: commands.repair,
  importOpml: (bytes) => commands.importOpml(Array.from(bytes)),
  sync: async (scope) => void (await commands.sync(scope)),
  stopSync: async () => void (await commands.stopSync()),
  forwarding: async () => (await commands.forwarding()) as Forwarding,
  setForwarding: async (forwarding) => (await commands.setForwarding(forwarding)) as Forwarding,
  copyCard: async (request) => void (await commands.copyCard(request)),
  disconnectService: async (id) => void (await commands.disconnectService(id)),
  discardWaiting: async (id) => void (await commands.discardWaiting(id)),
  openLink: async (link) => void (await commands.openLink(link)),
  copyLink: async (link) => void (await commands.copyLink(link)),
  setSettings: async (settings) => (await commands.setSettings(settings)) as Settings,
  listen: (heard) => events.newsroomEvent.listen(({ payload }) => heard(payload)),
};
