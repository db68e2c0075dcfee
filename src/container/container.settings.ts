import { integer, oneOf } from '../common/settings/setting.js';
import { settingsGroup, type SettingsOf } from '../common/settings/settings-group.js';

export const containerSettings = settingsGroup('container', {
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
    meaning: 'Most files and sockets that one process in a container may have open.',
    defaultValue: 1024,
    min: 64,
    max: 1_048_576,
  }),
  uidFirst: integer({
    variable: 'GLAMBDAR_UID_FIRST',
    meaning:
      'First of the user ids given to containers, one each; no account of the host should be among them.',
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
    meaning: 'Containers that the engine is asked to create and start at the same time.',
    defaultValue: 4,
    min: 1,
    max: 64,
  }),
  launchesWaiting: integer({
    variable: 'GLAMBDAR_LAUNCHES_WAITING',
    meaning: 'Launches that may wait for their turn; more are refused at once.',
    defaultValue: 256,
    min: 0,
    max: 65_536,
  }),
  parallelRemovals: integer({
    variable: 'GLAMBDAR_PARALLEL_REMOVALS',
    meaning: 'Containers that the engine is asked to remove at the same time.',
    defaultValue: 4,
    min: 1,
    max: 64,
  }),
  pingTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_PING_TIMEOUT_MS',
    meaning: 'Longest wait for a sign of life from the engine, in milliseconds.',
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
    meaning: 'Longest wait for one other call of the engine (create, start, remove, list), in milliseconds.',
    defaultValue: 10_000,
    min: 50,
    max: 120_000,
  }),
  endTimeoutMs: integer({
    variable: 'GLAMBDAR_CONTAINER_END_TIMEOUT_MS',
    meaning:
      'Longest wait for a container that is no longer needed to end by itself, in milliseconds; then it is killed.',
    defaultValue: 500,
    min: 0,
    max: 10_000,
  }),
  exitTimeoutMs: integer({
    variable: 'GLAMBDAR_ENGINE_EXIT_TIMEOUT_MS',
    meaning: 'Longest wait for the engine to say how an ended container ended, in milliseconds.',
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
    meaning: 'Pause between two searches for containers that nobody knows of any more, in milliseconds.',
    defaultValue: 60_000,
    min: 1000,
    max: 86_400_000,
  }),
  reaperFirstPauseMs: integer({
    variable: 'GLAMBDAR_REAPER_FIRST_PAUSE_MS',
    meaning: 'Pause before a failed removal is tried again, in milliseconds; it doubles each time.',
    defaultValue: 1000,
    min: 10,
    max: 60_000,
  }),
  reaperLongestPauseMs: integer({
    variable: 'GLAMBDAR_REAPER_LONGEST_PAUSE_MS',
    meaning: 'Longest pause between two tries of a removal, in milliseconds.',
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
      "Most bytes kept of a container's own output, to explain a crash; the middle of more is dropped.",
    defaultValue: 16_384,
    min: 256,
    max: 16_777_216,
  }),
});

export type ContainerSettings = SettingsOf<typeof containerSettings>;
