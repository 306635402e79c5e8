import '@testing-library/jest-dom/vitest';

import { beforeEach } from 'vitest';

import { speech } from '../src/lib/i18n/messages.svelte';

beforeEach(() => speech.speak('id'));
