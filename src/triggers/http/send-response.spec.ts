import { sandboxOf } from './send-response.js';

const policiesOf = (headers: Record<string, string | string[]>) =>
  sandboxOf(headers)['content-security-policy'];

describe('the sandbox of a function’s page', () => {
  it.each([
    'text/html',
    'Text/HTML; charset=utf-8',
    ' text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/xml',
    'multipart/x-mixed-replace; boundary=a',
  ])('gives %s an origin of its own', (contentType) => {
    expect(policiesOf({ 'content-type': contentType })).toEqual([
      expect.stringMatching(/^sandbox (?!.*allow-same-origin)/),
    ]);
  });

  it.each(['application/json', 'text/plain', 'image/png', 'text/css'])(
    'leaves %s alone, which runs nothing',
    (contentType) => {
      expect(sandboxOf({ 'content-type': contentType })).toEqual({});
    },
  );

  it('leaves a response without a type alone: nothing may be guessed of it', () => {
    expect(sandboxOf({})).toEqual({});
  });

  it("stands beside the function's own policies", () => {
    expect(
      policiesOf({ 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" }),
    ).toEqual(["default-src 'self'", expect.stringMatching(/^sandbox /)]);
  });

  it('goes by the first of several types', () => {
    expect(policiesOf({ 'content-type': ['text/html', 'text/plain'] })).toHaveLength(1);
  });
});
