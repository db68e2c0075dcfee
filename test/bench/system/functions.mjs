/** The functions that are measured. */
import { randomBytes } from 'node:crypto';
import { zipOf } from '../../../scripts/archive/zip-archive.mjs';

/** Reads JSON and answers JSON: the least that a function of some use does. */
export const HELLO_SOURCE = `exports.handler = async (req) => {
  const { name } = await req.json();
  return { statusCode: 200, headers: {}, body: { message: \`Hello \${name}!\` } };
};
`;

/** The same for functions-framework. */
export const FRAMEWORK_SOURCE = `exports.hello = async (req, res) => {
  const { name } = req.body;
  res.status(200).json({ message: \`Hello \${name}!\` });
};
`;

/** Waits as a function does that asks a database. */
const waitingSource = (/** @type {number} */ waitMs) => `exports.handler = async (req) => {
  const { name } = await req.json();
  await new Promise((resolve) => setTimeout(resolve, ${waitMs}));
  return { statusCode: 200, headers: {}, body: { message: \`Hello \${name}!\` } };
};
`;

export const REQUEST_BODY = '{"name":"Glambdar"}';
export const EXPECTED_TEXT = '{"message":"Hello Glambdar!"}';

export const HELLO_ZIP = zipOf([{ path: 'index.js', bytes: Buffer.from(HELLO_SOURCE) }]);

/** @param {number} waitMs */
export function waitingZip(waitMs) {
  return zipOf([{ path: 'index.js', bytes: Buffer.from(waitingSource(waitMs)) }]);
}

const PARTS = 5;

/**
 * An archive of about this size that does not compress, as with dependencies that are compressed already.
 * @param {number} bytes
 */
export function largeZip(bytes) {
  const parts = Array.from({ length: PARTS }, (_, index) => ({
    path: `assets/${index}.bin`,
    bytes: randomBytes(Math.floor(bytes / PARTS)),
  }));
  return zipOf([{ path: 'index.js', bytes: Buffer.from(HELLO_SOURCE) }, ...parts]);
}

/** @typedef {{ port: number, path: string, body: string, expectedText: string }} CallTarget */

/**
 * Where a generator sends the calls of a function, and what they have to bring back.
 * @param {{ port: number }} server
 * @param {string} name
 * @returns {CallTarget}
 */
export function callsOf(server, name) {
  return {
    port: server.port,
    path: `/invoke/${name}`,
    body: REQUEST_BODY,
    expectedText: EXPECTED_TEXT,
  };
}
