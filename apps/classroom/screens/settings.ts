/** What a person has chosen for this device: theme, keys of one character, motion. Kept between visits. */
import { createEffect, createRoot } from 'solid-js';
import { createStore } from 'solid-js/store';
import { isRecord, keep, recall } from './memory.js';

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  theme: Theme;
  /** Keys of one character act (WCAG 2.1.4: they can be switched off). */
  singleKeys: boolean;
  /** Messages glide; otherwise they stand at the start, half-way and arrived. */
  motion: boolean;
}

const isSettings = (value: unknown): value is Partial<Settings> => isRecord(value);

function initial(): Settings {
  const kept = recall('settings', isSettings, {});
  const theme = THEMES.find((one) => one === kept.theme) ?? 'auto';
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    theme,
    singleKeys: kept.singleKeys !== false,
    motion: typeof kept.motion === 'boolean' ? kept.motion : !still,
  };
}

/** One for the page: whoever changes a setting changes it for every screen. */
export const [settings, changeSettings] = createStore<Settings>(initial());

/** Shows and keeps what is chosen, for as long as the page lives. */
export function applySettings(): void {
  createRoot(() =>
    createEffect(() => {
      if (settings.theme === 'auto') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = settings.theme;
      document.documentElement.dataset.motion = settings.motion ? 'on' : 'off';
      keep('settings', { ...settings });
    }),
  );
}

export const nextTheme = (theme: Theme): Theme =>
  THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
