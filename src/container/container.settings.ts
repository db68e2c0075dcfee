import { integer, oneOf, settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

export const containerSettings = settingsGroup('container', {
  engineKind: oneOf<'docker' | 'oci'>({
    variable: 'GLAMBDAR_ENGINE',
    meaning:
      'What runs containers: docker, a Docker Engine; or oci, an OCI runtime that the server runs by itself, as root.',
    defaultValue: 'docker',
    choices: ['docker', 'oci'],
  }),
  imageProgram: text({
    variable: 'GLAMBDAR_IMAGE_PROGRAM',
    meaning:
      "Script that builds the image of a runtime when a function first needs it, run by the server's Node.js; `npm start` names its own. Empty for none: what needs a missing image is refused.",
    defaultValue: '',
    rule: 'empty or an absolute path',
    isConfidential: true,
    pattern: /^(\/.+)?$/,
  }),
  imageTimeoutMs: integer({
    variable: 'GLAMBDAR_IMAGE_TIMEOUT_MS',
    meaning:
      'Longest time that the build of an image may take, in milliseconds; calls that need it wait as long.',
    defaultValue: 120_000,
    min: 1000,
    max: 3_600_000,
  }),
  ociRuntime: oneOf({
    variable: 'GLAMBDAR_CONTAINER_RUNTIME',
    meaning:
      'OCI runtime that the engine uses; empty for its default, runsc for a kernel of its own (gVisor).',
    defaultValue: '',
    choices: ['', 'runc', 'crun', 'runsc'],
  }),
  pids: integer({
    variable: 'GLAMBDAR_PIDS',
    meaning: 'Most processes and threads in a container; Node itself needs about ten.',
    defaultValue: 64,
    min: 16,
    max: 32_768,
  }),
  openFiles: integer({
    variable: 'GLAMBDAR_OPEN_FILES',
    meaning: 'Most open files and sockets of one process in a container.',
    defaultValue: 1024,
    min: 64,
    max: 1_048_576,
  }),
  uidFirst: integer({
    variable: 'GLAMBDAR_UID_FIRST',
    meaning:
      'First user id for containers, which get one each; no account of the host should have one of these ids.',
    defaultValue: 200_000,
    min: 1000,
    max: 2_000_000_000,
  }),
  uidCount: integer({
    variable: 'GLAMBDAR_UID_COUNT',
    meaning: 'How many user ids there are for containers, and so the most containers at a time.',
    defaultValue: 65_536,
    min: 1,
    max: 1_000_000,
  }),
  parallelLaunches: integer({
    variable: 'GLAMBDAR_PARALLEL_LAUNCHES',
    meaning: 'Containers that the engine creates and starts at the same time.',
    defaultValue: 4,
    min: 1,
    max: 64,
  }),
  launchesWaiting: integer({
    variable: 'GLAMBDAR_LAUNCHES_WAITING',
    meaning: 'Most containers that wait to be created and started; further ones are refused at once.',
    defaultValue: 256,
    min: 0,
    max: 65_536,
  }),
  parallelRemovals: integer({
    variable: 'GLAMBDAR_PARALLEL_REMOVALS',
    meaning: 'Containers that the engine removes at the same time.',
    defaultValue: 4,
    min: 1,
    max: 64,
  }),
  pingTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_PING_TIMEOUT_MS',
    meaning: 'Longest wait for the engine to answer a ping, in milliseconds.',
    defaultValue: 1000,
    min: 50,
    max: 60_000,
  }),
  attachTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_ATTACH_TIMEOUT_MS',
    meaning: "Longest wait for the connection to a container's output, in milliseconds.",
    defaultValue: 5000,
    min: 50,
    max: 60_000,
  }),
  callTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_CALL_TIMEOUT_MS',
    meaning:
      'Longest wait for any other request to the engine (create, start, remove, list), in milliseconds.',
    defaultValue: 10_000,
    min: 50,
    max: 120_000,
  }),
  endTimeoutMs: integer({
    variable: 'GLAMBDAR_CONTAINER_END_TIMEOUT_MS',
    meaning:
      'How long a container that is no longer needed may take to exit by itself, in milliseconds; then it is killed.',
    defaultValue: 500,
    min: 0,
    max: 10_000,
  }),
  exitTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_EXIT_TIMEOUT_MS',
    meaning: 'Longest wait for the engine to say how a container ended, in milliseconds.',
    defaultValue: 2000,
    min: 50,
    max: 60_000,
  }),
  probeIntervalMs: integer({
    variable: 'GLAMBDAR_ENGINE_PROBE_INTERVAL_MS',
    meaning: 'Pause between two probes while the engine is down, in milliseconds.',
    defaultValue: 1000,
    min: 50,
    max: 60_000,
  }),
  sweepIntervalMs: integer({
    variable: 'GLAMBDAR_SWEEP_INTERVAL_MS',
    meaning: 'Pause between two searches for forgotten containers, in milliseconds.',
    defaultValue: 60_000,
    min: 1000,
    max: 86_400_000,
  }),
  reaperFirstPauseMs: integer({
    variable: 'GLAMBDAR_REAPER_FIRST_PAUSE_MS',
    meaning: 'Pause before a failed removal is retried, in milliseconds; it doubles each time.',
    defaultValue: 1000,
    min: 10,
    max: 60_000,
  }),
  reaperLongestPauseMs: integer({
    variable: 'GLAMBDAR_REAPER_LONGEST_PAUSE_MS',
    meaning: 'Longest pause between two attempts at a removal, in milliseconds.',
    defaultValue: 60_000,
    min: 10,
    max: 3_600_000,
  }),
  drainTimeoutMs: integer({
    variable: 'GLAMBDAR_CONTAINER_DRAIN_TIMEOUT_MS',
    meaning: 'Longest wait at shutdown until all containers are removed, in milliseconds.',
    defaultValue: 10_000,
    min: 100,
    max: 600_000,
  }),
  outputTailBytes: integer({
    variable: 'GLAMBDAR_CONTAINER_OUTPUT_BYTES',
    meaning:
      "Most bytes stored of a container's own output, which explains crashes; if there are more, the middle is dropped.",
    defaultValue: 16_384,
    min: 256,
    max: 16_777_216,
  }),
});

export type ContainerSettings = SettingsOf<typeof containerSettings>;
