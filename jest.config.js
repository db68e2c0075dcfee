import { readFileSync } from 'node:fs';

// The build leaves specs out; tests are the one place that compiles them, with otherwise the same options.
const {
  exclude: _specs,
  $schema: _schema,
  ...swc
} = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

const shared = {
  // Not among the temporary files, of which a run must leave none.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/test/fixtures'],
};

/**
 * What the engine decides: which walls there are, how containers start and end, what is heard of them. The run on
 * GLAMBDAR_ENGINE=oci has these end-to-end specs and trials once more, beside those of its own. Not all, because a whole run
 * has to end within forty minutes: a change of an engine is worth a run of everything (CONTRIBUTING.md).
 */
const decidedByEngine = {
  e2e: [
    'container-user',
    'engine-down',
    'function-faults',
    'isolation',
    'left-processes',
    'restart',
    'secrets',
    'settings',
    'temporary-files',
  ],
  hostile: ['engine', 'fairness', 'functions', 'kill', 'secrets'],
};

/** What gVisor answers in the kernel's place: files, processes, memory, sockets, the end of a container. */
const decidedByGvisor = [
  'container-user',
  'function-faults',
  'isolation',
  'left-processes',
  'temporary-files',
];

const endToEnd = (names) => names.map((name) => `<rootDir>/test/e2e/${name}.spec.ts`);

/** One configuration: what needs no engine, what needs a real one, the served HTTP server, trials, those on OCI and gVisor. */
export default {
  // An open handle would keep a run from ending; that is a defect, so nothing forces the exit.
  forceExit: false,
  // What hangs does so for ever; a busy machine must not fail a test by being slow. Units have less (time-limit.ts).
  testTimeout: 120_000,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{src,worker,builder,scripts,client,cli/src,dashboard/src}/**/*.spec.ts',
        '<rootDir>/test/{unit,app}/**/*.spec.ts',
      ],
      setupFilesAfterEnv: ['<rootDir>/test/support/time-limit.ts'],
    },
    { ...shared, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.spec.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.spec.ts'] },
    { ...shared, displayName: 'hostile', testMatch: ['<rootDir>/test/hostile/*.spec.ts'] },
    { ...shared, displayName: 'oci', testMatch: ['<rootDir>/test/oci/*.spec.ts'] },
    { ...shared, displayName: 'e2e-on-oci', testMatch: endToEnd(decidedByEngine.e2e) },
    { ...shared, displayName: 'e2e-on-gvisor', testMatch: endToEnd(decidedByGvisor) },
    {
      ...shared,
      displayName: 'hostile-on-oci',
      testMatch: decidedByEngine.hostile.map((name) => `<rootDir>/test/hostile/${name}.spec.ts`),
    },
  ],
};
