/** The load generator's process: a load as JSON comes as its argument, the result goes as JSON to standard output. */
import { closedLoop } from './closed-loop.mjs';
import { postRequest } from './connection.mjs';
import { openLoop } from './open-loop.mjs';

/** @type {import('./run-load.mjs').Load} */
const load = JSON.parse(process.argv[2] ?? '');
const request = postRequest(load.path, load.body);
const result = load.kind === 'closed' ? await closedLoop(load, request) : await openLoop(load, request);
process.stdout.write(JSON.stringify(result));
