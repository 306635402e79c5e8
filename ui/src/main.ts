import './lib/styles/fonts.css';
import './lib/styles/tokens.css';
import './lib/styles/base.css';
import './lib/styles/print.css';

import { mount } from 'svelte';

import Root from './App.svelte';
import { connect } from './lib/backend';
import { speech } from './lib/i18n/messages.svelte';
import { App } from './lib/state/app.svelte';

const target = document.getElementById('root');
if (!target) throw new Error('index.html lacks its root');

// Until the settings are read, and where they cannot be, the system's language.
speech.speak(navigator.language);
const app = new App(await connect(), window.localStorage);
mount(Root, { target, props: { app } });
await app.start();
