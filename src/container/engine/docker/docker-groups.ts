import type { ContainerGroups } from '../cgroup-usage.js';

/** Control groups of the engine's containers: under cgroupfs, systemd, and systemd without root. */
export const dockerGroups: readonly ContainerGroups[] = [
  'docker/<id>',
  'system.slice/docker-<id>.scope',
  rootlessGroup(),
].map((group) => ({ accounts: group, own: group }));

function rootlessGroup(): string {
  const uid = process.getuid?.() ?? 0;
  return `user.slice/user-${uid}.slice/user@${uid}.service/user.slice/docker-<id>.scope`;
}
