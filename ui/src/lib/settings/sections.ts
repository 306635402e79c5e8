// The sections of the settings, in their order.

import type { Component } from 'svelte';

import type { MessageKey } from '../i18n/i18n.svelte';
import AloudSection from './AloudSection.svelte';
import AppearanceSection from './AppearanceSection.svelte';
import AutoPackSection from './AutoPackSection.svelte';
import BackgroundSection from './BackgroundSection.svelte';
import DataSaverSection from './DataSaverSection.svelte';
import DataSection from './DataSection.svelte';
import ForwardingSection from './ForwardingSection.svelte';
import HelpSection from './HelpSection.svelte';
import ReadingSection from './ReadingSection.svelte';
import StorageSection from './StorageSection.svelte';
import SyncSection from './SyncSection.svelte';

export interface SettingsSection {
  id: string;
  title: MessageKey;
  component: Component<Record<string, never>>;
}

export const SECTIONS: readonly SettingsSection[] = [
  { id: 'appearance', title: 'settings.look', component: AppearanceSection },
  { id: 'reading', title: 'settings.reading', component: ReadingSection },
  { id: 'aloud', title: 'aloud.label', component: AloudSection },
  { id: 'forwarding', title: 'settings.forwarding', component: ForwardingSection },
  { id: 'sync', title: 'settings.syncing', component: SyncSection },
  { id: 'background', title: 'background.title', component: BackgroundSection },
  { id: 'storage', title: 'settings.keeping', component: StorageSection },
  { id: 'saver', title: 'saver.title', component: DataSaverSection },
  { id: 'auto-pack', title: 'auto.title', component: AutoPackSection },
  { id: 'data', title: 'settings.data', component: DataSection },
  { id: 'help', title: 'help.title', component: HelpSection },
];
