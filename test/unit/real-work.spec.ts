import { isReal } from '../support/time-limit.js';

describe('a spec has time for something real when it imports', () => {
  it.each([
    ["import { readFile } from 'node:fs/promises';"],
    ["import { connect } from 'node:net';"],
    ["import { spawn } from 'node:child_process';"],
    ["import { startApp } from '../support/app.js';"],
    ["import { until } from '../../test/support/eventually.js';"],
    ["import { codeStoreContract } from '../../../test/contract/code-store.contract.js';"],
    ["import fc from 'fast-check';"],
    ["import './time.js';\nimport { Test } from '@nestjs/testing';"],
  ])('%s', (source) => {
    expect(isReal(source)).toBe(true);
  });
});

describe('a spec has the time of a unit when it imports nothing but', () => {
  it.each([
    [''],
    ["import { jest } from '@jest/globals';"],
    ["import { createHash } from 'node:crypto';"],
    ["import { Backoff } from './backoff.js';"],
    ["import { ManualClock } from '../../test/fakes/manual-clock.js';"],
    ["import { settingsFor } from '../../test/support/builders/functions.js';"],
  ])('%s', (source) => {
    expect(isReal(source)).toBe(false);
  });
});
