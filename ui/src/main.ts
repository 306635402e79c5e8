import './lib/styles/fonts.css';
import './lib/styles/tokens.css';
import './lib/styles/base.css';
import './lib/styles/places.css';
import './lib/styles/print.css';

import { mount } from 'svelte';

import Root from './App.svelte';
import { connect } from './lib/backend';
import { i18n } from './lib/i18n/i18n.svelte';
import { App } from './lib/state/app.svelte';

const target = document.getElementById('root');
if (!target) throw new Error('index.html lacks its root');

// The system's language until the settings are loaded, or if they cannot be.
i18n.setLanguage(navigator.language);
// Set by the end-to-end tests that find texts bypassing the messages files.
const pseudoTag = window.localStorage.getItem('warta.pseudoLanguage');
if (pseudoTag) i18n.lock((await import('./lib/i18n/pseudo')).pseudoLanguage(pseudoTag));
const app = new App(await connect(), window.localStorage);
mount(Root, { target, props: { app } });
await app.start();
