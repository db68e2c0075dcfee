import { signal } from '@preact/signals';

/** Whether somebody can see the page now; nothing is asked of the server for a hidden tab. */
export const isVisible = signal(true);

/** Call once, when the page starts. */
export function followVisibility(): void {
  const follow = () => {
    isVisible.value = document.visibilityState === 'visible';
  };
  document.addEventListener('visibilitychange', follow);
  follow();
}
