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

/** One configuration, four projects: what needs no Docker, what needs a real engine, the served HTTP server, and trials. */
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
  ],
};
