import { BadRequestException, ImATeapotException } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { errorCodes, faultOf } from '../common/errors/error-codes.js';
import { problemCatalogue } from './problem-catalogue.js';
import { problemOf } from './problem.js';

describe('the catalogue of problems', () => {
  it.each(errorCodes)('answers %s with a status that says whose fault it was', (code) => {
    const { status } = problemCatalogue[code];
    const classes = { caller: /^(4|501)/, function: /^(422|50[24])$/, platform: /^(500|503|507)$/ };
    expect(String(status)).toMatch(classes[faultOf(code)]);
  });

  it('gives every code a title and a remedy of its own', () => {
    expect(new Set(errorCodes.map((code) => problemCatalogue[code].title)).size).toBe(errorCodes.length);
    for (const code of errorCodes) expect(problemCatalogue[code].remedy).toMatch(/\.$/);
  });
});

describe('problemOf', () => {
  it('says what went wrong in the words of RFC 9457, and once more under the key of older clients', () => {
    const problem = problemOf(
      new DomainError('FUNCTION_NOT_FOUND', 'There is no function "x"; deploy it first.'),
    );
    expect(problem).toEqual({
      status: 404,
      headers: { 'Content-Type': 'application/problem+json; charset=utf-8' },
      body: {
        type: 'urn:glambdar:error:function-not-found',
        title: 'Function not found',
        status: 404,
        detail: 'There is no function "x"; deploy it first.',
        code: 'FUNCTION_NOT_FOUND',
        error: 'There is no function "x"; deploy it first.',
      },
    });
  });

  it('adds what is known: the call, field and rule, and what the function threw and printed', () => {
    const details = {
      field: 'file',
      reason: 'unsafe_path',
      errorType: 'TypeError',
      errorMessage: 'x',
      output: 'y',
    };
    const { body } = problemOf(new DomainError('FUNCTION_ERROR', 'It threw.', details), 'call-1');
    expect(body).toMatchObject({ ...details, invocationId: 'call-1' });
  });

  it.each([
    [1, '1'],
    [1000, '1'],
    [1001, '2'],
    [0, '1'],
  ])(
    'turns %d ms until a retry into %s whole seconds, and keeps them out of the body',
    (retryAfterMs, seconds) => {
      const problem = problemOf(new DomainError('OVERLOADED', 'Later.', { retryAfterMs }));
      expect(problem.headers['Retry-After']).toBe(seconds);
      expect(problem.body).not.toHaveProperty('retryAfterMs');
    },
  );

  it('tells nothing of an unexpected error', () => {
    const { status, body } = problemOf(new Error('ENOENT: /var/lib/glambdar/x'));
    expect(status).toBe(500);
    expect(body.code).toBe('INTERNAL');
    expect(JSON.stringify(body)).not.toContain('/var/lib');
  });

  it.each([undefined, null, 'text', 42, {}])('takes whatever was thrown: %j', (thrown) => {
    expect(problemOf(thrown).body.code).toBe('INTERNAL');
  });

  it('keeps the cause of an error to itself', () => {
    const error = new DomainError('STORAGE_UNAVAILABLE', 'Later.', {}, { cause: new Error('SQLITE_IOERR') });
    expect(JSON.stringify(problemOf(error))).not.toContain('SQLITE');
  });

  it("replaces the framework's words, which quote parsers and input", () => {
    const { body } = problemOf(new BadRequestException('Unexpected token < in JSON'));
    expect(body.code).toBe('MALFORMED_REQUEST');
    expect(body.detail).not.toContain('token');
  });

  it('takes a status of the framework that nothing here raises for a defect', () => {
    expect(problemOf(new ImATeapotException()).body.code).toBe('INTERNAL');
  });
});
