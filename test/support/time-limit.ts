/**
 * Set up before each spec of a unit: it has little time, unless it works with something real, which a machine that is
 * busy with something else may keep waiting. Then only what hangs is to fail.
 */
import { expect, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { isReal } from './real-work.js';

const ofUnitMs = 5000;
const ofRealMs = 120_000;

const { testPath } = expect.getState();
if (testPath === undefined) throw new Error('Jest does not say which spec it runs.');
jest.setTimeout(isReal(readFileSync(testPath, 'utf8')) ? ofRealMs : ofUnitMs);
