import { runInNewContext } from 'node:vm';
import { mayReachThirdArgument } from './call-handler.js';

/** Written as text: a compiler would change what is looked at. */
function written(source: string): () => unknown {
  return runInNewContext(`(${source})`) as () => unknown;
}

describe('a function that declares less than three parameters', () => {
  it.each([
    '(...a) => 0',
    '(event, ...rest) => 0',
    'function (...a) {}',
    '{ handler(...a) {} }.handler',
    'function () { return arguments[2]; }',
    '(event, context, callback = () => {}) => 0',
    '(event = {}, context, callback) => 0',
    'function ({ body } /* ) */, context, callback = null) {}',
    `({ body = ')' }, ...rest) => 0`,
    '(() => 0).bind(null)',
    'new Proxy(() => 0, {})',
  ])('may reach its third argument as %s', (source) => {
    expect(mayReachThirdArgument(written(source))).toBe(true);
  });

  it.each([
    '() => {}',
    'event => void console.log(...event)',
    'async event => 0',
    '(event, context) => { const a = [...event]; }',
    'function handler(event) { const a = 1; }',
    '{ handler(event) { const a = 1; } }.handler',
    '{ async handler(event) {} }.handler',
    '({ headers, ...rest }) => {}',
    '({ body = "" }, [first = 1, ...others]) => {}',
    '(event /* = {}, ...rest */) => {}',
    `({ body = '(' }) => { const a = 1; }`,
  ])('cannot as %s', (source) => {
    expect(mayReachThirdArgument(written(source))).toBe(false);
  });
});
