import '@testing-library/jest-dom/vitest';

import { beforeEach } from 'vitest';

import { i18n } from '../src/lib/i18n/i18n.svelte';

beforeEach(() => i18n.setLanguage('id'));
