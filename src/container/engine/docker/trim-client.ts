import { registerHooks } from 'node:module';

/**
 * Parts of dockerode and its transport that only image builds and SSH need. They load gRPC, protobuf and ssh2: 28 MB of
 * memory and 150 ms of every start, for code that this server never calls. `main.ts` imports this file before all others;
 * tests, whose runner has a module system of its own, do without it.
 */
const unused: readonly (readonly [part: string, specifier: string])[] = [
  ['/dockerode/', './session'],
  ['/dockerode/', './buildkit'],
  ['/docker-modem/', './ssh'],
];

/** Something that exists, is loaded already, and has none of the missing parts' functions. */
const standIn = 'node:events';

registerHooks({
  resolve(specifier, context, next) {
    const { parentURL } = context;
    const isUnused = unused.some(([part, name]) => specifier === name && parentURL?.includes(part) === true);
    return next(isUnused ? standIn : specifier, context);
  },
});
