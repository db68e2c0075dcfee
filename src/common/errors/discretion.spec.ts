import { discreet, withoutExcerpts } from './discretion.js';
import { DomainError } from './domain-error.js';

describe('a message without excerpts', () => {
  it.each([
    ['a stack', 'it broke\n    at handler (/glambdar/code/index.js:3:9)\n    at async main', 'it broke'],
    ['a stack of nameless frames', 'it broke\n    at /glambdar/code/index.js:3:9', 'it broke'],
    [
      'the modules that asked',
      "Cannot find module './x'\nRequire stack:\n- /glambdar/code/a.js",
      "Cannot find module './x'",
    ],
    ['a place and its source', 'Bad\n/glambdar/code/index.js:3\nconst secret = ;\n               ^\n', 'Bad'],
    ['the same as a URL', 'Bad\nfile:///glambdar/code/index.mjs:3\nconst secret = ;', 'Bad'],
    [
      'numbered source',
      'x.js: Unexpected token (2:4)\n\n  1 | const a\n> 2 | secret',
      'x.js: Unexpected token (2:4)',
    ],
    ['drawn frames', 'enum is not supported\n   ,-[1:1]\n 1 | enum A {}\n   `----', 'enum is not supported'],
    ['other drawn frames', 'bad syntax\n   ╭─[index.ts:1:1]\n 1 │ enum A {}', 'bad syntax'],
    ['an advised import', "Use:\n\nimport pkg from './y.cjs';\nconst { secret } = pkg;", 'Use:'],
    ['nothing but a place', '/glambdar/code/index.js:1\nsecret\n^', ''],
  ])('ends before %s', (_, message, shown) => {
    expect(withoutExcerpts(message)).toBe(shown);
  });

  it.each([
    '',
    'one line',
    'two\nlines\n',
    '[\n  {\n    "path": ["email"],\n    "message": "Invalid at this place"\n  }\n]',
    'meet\nat noon',
    'see https://example.com/a:8080 for more',
    'a path: /tmp/x',
  ])('leaves %j as it is', (message) => {
    expect(withoutExcerpts(message)).toBe(message);
  });
});

describe('an error as its caller sees it who may not see output', () => {
  const cause = { errorType: 'Error', errorMessage: 'no', stack: 'Error: no\n    at x.js:1:1' };

  it('has type and message, and not what was printed', () => {
    const shown = { errorType: 'TypeError', errorMessage: 'no', retryAfterMs: 1 };
    const details = { ...shown, output: 'printed' };
    const error = new DomainError('FUNCTION_ERROR', 'The function threw TypeError: no', details, { cause });
    const seen = discreet(error);
    expect([seen.code, seen.message, seen.details, seen.cause]).toEqual([
      error.code,
      error.message,
      shown,
      cause,
    ]);
  });

  it('quotes no more of the message in its sentence than beside it', () => {
    const errorMessage = "Cannot find module './$&'\nRequire stack:\n- /glambdar/code/index.js";
    const error = new DomainError(
      'FUNCTION_LOAD_ERROR',
      `The function's code did not load: ${errorMessage}`,
      { errorType: 'Error', errorMessage },
      { cause },
    );
    const { message, details } = discreet(error);
    expect(message).toBe("The function's code did not load: Cannot find module './$&'");
    expect(details).toEqual({ errorType: 'Error', errorMessage: "Cannot find module './$&'" });
  });

  it('is the error itself where there is nothing to keep back', () => {
    const error = new DomainError('FUNCTION_TIMEOUT', 'The function did not answer within 1 s.');
    expect(discreet(error)).toBe(error);
  });
});
