/** Makes the built application, does not start it, and prints what was loaded for it. Ends by itself. */
import { registerHooks } from 'node:module';

const loaded = [];
registerHooks({
  load(url, context, next) {
    loaded.push(url);
    return next(url, context);
  },
});
const { createApp } = await import('../../dist/src/bootstrap/create-app.js');
const { partsOf } = await import('../../dist/src/bootstrap/parts.js');
partsOf(await createApp());
console.log(JSON.stringify(loaded));
