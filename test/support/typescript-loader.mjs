/**
 * For `node --import`: lets Node run the TypeScript sources, whose imports name the `.js` files they compile to. A
 * thread's first file has no parent.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    const isThread = context.parentURL === undefined && /^file:.*\/worker\/.*\.js$/.test(specifier);
    return nextResolve(isOurs || isThread ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
