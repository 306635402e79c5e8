import type { Component } from 'svelte';

/** An entry of a menu. */
export interface MenuItem {
  id: string;
  label: string;
  icon?: Component<{ size?: number; strokeWidth?: number }>;
  key?: string;
  danger?: boolean;
  disabled?: boolean;
  /** For an item that can be selected. */
  checked?: boolean;
  /** Draws a line above it. */
  apart?: boolean;
  testid?: string;
  run: () => void;
}
