import { effect, signal } from '@preact/signals';

/** `system` follows the device. */
export type Theme = 'system' | 'light' | 'dark';

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const storageKey = 'glambdar.theme';

export const theme = signal<Theme>('system');

/** Whether dark colours are shown now, chosen or because the device says so; what is drawn on a canvas follows it. */
export const isDark = signal(false);

/** Call once, before anything is shown. */
export function followTheme(): void {
  const device = matchMedia('(prefers-color-scheme: dark)');
  const deviceIsDark = signal(device.matches);
  device.addEventListener('change', ({ matches }) => {
    deviceIsDark.value = matches;
  });
  theme.value = stored();
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
    isDark.value = theme.value === 'dark' || (theme.value === 'system' && deviceIsDark.value);
  });
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(storageKey, chosen);
  } catch {
    // A browser that keeps nothing shows the choice until the page is closed.
  }
}

/** The one after this one, so that a single button reaches all. */
export function nextTheme(current: Theme): Theme {
  return themes[(themes.indexOf(current) + 1) % themes.length] ?? 'system';
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return themes.find((one) => one === value) ?? 'system';
  } catch {
    return 'system';
  }
}
