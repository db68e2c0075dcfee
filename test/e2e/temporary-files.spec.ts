import { jest } from '@jest/globals';
import { handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** Writes a file MiB by MiB until it has as many as asked for, or no more fit; answers with its size and why it ended. */
const writesOneFile = handlerZip(
  `({ body }) => {
    const file = openSync('/tmp/one', 'w');
    const block = Buffer.alloc(1024 * 1024);
    let code;
    try { for (let written = 0; written < Number(body); written += writeSync(file, block) / block.length); }
    catch (error) { code = error.code; }
    return { MiB: fstatSync(file).size / block.length, code };
  }`,
  "const { fstatSync, openSync, writeSync } = require('node:fs');",
);

describe('/tmp', () => {
  it.each([65, 255, 256])('holds one file of %i MiB with tmpMiB 256', async (sizeMiB) => {
    const name = `one-${sizeMiB}`;
    await served.deploy(name, writesOneFile, { tmpMiB: 256, memoryMiB: 512 });
    expect((await served.invoke(name, String(sizeMiB))).json).toEqual({ MiB: sizeMiB });
  });

  it('holds one file as large as it is by default', async () => {
    await served.deploy('by-default', writesOneFile);
    expect((await served.invoke('by-default', '64')).json).toEqual({ MiB: 64 });
  });

  it('is full where its own size ends, and at no other number', async () => {
    await served.deploy('full', writesOneFile, { tmpMiB: 100, memoryMiB: 256 });
    expect((await served.invoke('full', '101')).json).toEqual({ MiB: 100, code: 'ENOSPC' });
  });

  it('holds more files the larger it is', async () => {
    const handler = `({ body }) => {
      for (let n = 0; n < Number(body); n += 1) writeFileSync('/tmp/' + n, '');
      return readdirSync('/tmp').length;
    }`;
    const zip = handlerZip(handler, "const { readdirSync, writeFileSync } = require('node:fs');");
    await served.deploy('many', zip, { tmpMiB: 256, memoryMiB: 512 });
    expect((await served.invoke('many', '16000')).json).toBe(16_000);
  });

  it('counts what is in its files, not how long they are', async () => {
    const handler = `() => {
      writeFileSync('/tmp/sparse', '');
      truncateSync('/tmp/sparse', 200 * 1024 * 1024);
      return statSync('/tmp/sparse').size;
    }`;
    const before = "const { statSync, truncateSync, writeFileSync } = require('node:fs');";
    await served.deploy('sparse', handlerZip(handler, before));
    expect((await served.invoke('sparse')).json).toBe(200 * 1024 * 1024);
  });
});
