import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { expect, test, vi } from 'vitest';

import { Menu } from '../src/lib/controls';
import { accessible } from './accessible';

interface Trigger {
  onclick: () => void;
}

/** A button that opens the menu. */
const trigger = createRawSnippet<[Trigger]>((given) => ({
  render: () => '<button type="button">Open</button>',
  setup: (button) => {
    const open = () => given().onclick();
    button.addEventListener('click', open);
    return () => button.removeEventListener('click', open);
  },
}));

async function opened(given: { label: string; disabled?: boolean }[]) {
  const items = given.map((item, index) => ({ id: `${index}`, run: vi.fn(), ...item }));
  const { container } = render(Menu, { label: 'Menu', items, trigger });
  await fireEvent.click(screen.getByText('Open'));
  return { container, items };
}

test('a menu is a popover whose first item has the focus', async () => {
  const { container } = await opened([{ label: 'First' }, { label: 'Second' }]);
  expect(screen.getByRole('menu')).toHaveAttribute('popover', 'manual');
  expect(screen.getByRole('menuitem', { name: 'First' })).toHaveFocus();
  await accessible(container);
});

test('arrow keys move through a menu and wrap around', async () => {
  await opened([{ label: 'First' }, { label: 'Second', disabled: true }, { label: 'Third' }]);
  const menu = screen.getByRole('menu');
  await fireEvent.keyDown(menu, { key: 'ArrowDown' });
  expect(screen.getByRole('menuitem', { name: 'Third' })).toHaveFocus();
  await fireEvent.keyDown(menu, { key: 'ArrowDown' });
  expect(screen.getByRole('menuitem', { name: 'First' })).toHaveFocus();
});

test('choosing an item closes the menu and runs it', async () => {
  const { items } = await opened([{ label: 'First' }]);
  await fireEvent.click(screen.getByRole('menuitem'));
  expect(items[0]?.run).toHaveBeenCalledOnce();
  expect(screen.queryByRole('menu')).toBeNull();
  expect(screen.getByText('Open')).toHaveFocus();
});

test.each([
  ['Escape', () => fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' })],
  ['a click outside', () => fireEvent.pointerDown(document.body)],
  ['the wheel', () => fireEvent.wheel(document.body)],
])('%s closes a menu', async (_, close) => {
  await opened([{ label: 'First' }]);
  await close();
  expect(screen.queryByRole('menu')).toBeNull();
});
