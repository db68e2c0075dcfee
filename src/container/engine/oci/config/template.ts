import { deepFreeze } from '../../sandbox-policy.js';

/** A file system of the kernel's that every container has, as Docker mounts it. */
const kernelMount = (destination: string, type: string, ...options: string[]) => ({
  destination,
  type,
  source: type,
  options,
});

const noCapabilities = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };

/** What a configuration holds besides the policy: the same for all containers. */
export const template = deepFreeze({
  ociVersion: '1.0.0',
  process: { terminal: false, noNewPrivileges: true, capabilities: noCapabilities },
  root: { readonly: true },
  mounts: [
    kernelMount('/proc', 'proc', 'nosuid', 'noexec', 'nodev'),
    kernelMount('/dev', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
    kernelMount(
      '/dev/pts',
      'devpts',
      ...['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
    ),
    kernelMount('/sys', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro'),
    kernelMount('/sys/fs/cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'ro'),
    kernelMount('/dev/mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
  ],
  linux: {
    // Without paths: each is a new one. The network's has the loopback interface alone, which a runtime brings up. None of
    // users, as Docker has none: each container has a user id of its own.
    namespaces: ['pid', 'network', 'ipc', 'uts', 'mount', 'cgroup'].map((type) => ({ type })),
    rootfsPropagation: 'private',
    // Of version 1 of cgroups crun mounts the hierarchies read-only, and where they are mounted as a place to write. Made
    // read-only, that place has the hierarchies on it once more, each of which has to be made read-only as well.
    readonlyPaths: ['/sys/fs/cgroup'],
    // Runtimes add the harmless devices, which they make in /dev.
    resources: { devices: [{ allow: false, access: 'rwm' }] },
  },
});
