import type { Environment } from '../host.js';

/** Opens a page where the person sits; false where that is not possible: over SSH, in a container, without a desktop. */
export async function browse(url: string, environment: Environment): Promise<boolean> {
  const { DISPLAY, WAYLAND_DISPLAY, SSH_CONNECTION, SSH_TTY } = environment;
  if ((SSH_CONNECTION ?? SSH_TTY) !== undefined) return false;
  if (process.platform !== 'darwin' && (DISPLAY ?? WAYLAND_DISPLAY) === undefined) return false;
  const { default: open } = await import('open');
  return open(url).then(
    () => true,
    () => false,
  );
}
