import { sandboxOf } from './send-response.js';

const policiesOf = (headers: Record<string, string | string[]>, statusCode = 200) =>
  sandboxOf({ statusCode, headers })['content-security-policy'];

describe('the sandbox of a function’s page', () => {
  it.each([
    'text/html',
    'Text/HTML; charset=utf-8',
    ' text/html',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/xml',
    'text/xsl',
    'multipart/x-mixed-replace; boundary=a',
    'multipart/related; boundary=a',
    'message/rfc822',
    // A browser takes the last one.
    'application/json, text/html',
    'application/json;a=b, text/html',
    'text/plain, text/html',
    // A browser would look into the body.
    '',
    '*/*',
    'unknown/unknown',
    'application/unknown',
    'nonsense',
    'application/json text/html',
    'application/json+xml',
    'audio/svg+xml',
  ])('gives %j an origin of its own', (contentType) => {
    expect(policiesOf({ 'content-type': contentType })).toEqual([
      expect.stringMatching(/^sandbox (?!.*allow-same-origin)/),
    ]);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/problem+json',
    'text/plain',
    'text/plain;charset=UTF-8',
    'image/png',
    'image/jpeg',
    'text/css',
    'text/javascript',
    'text/event-stream',
    'application/octet-stream',
    'application/pdf',
    'video/mp4',
    'font/woff2',
  ])('leaves %s alone, which runs nothing', (contentType) => {
    expect(sandboxOf({ statusCode: 200, headers: { 'content-type': contentType } })).toEqual({});
  });

  it('is for a response without a type, and for one of several types, too', () => {
    expect(policiesOf({})).toHaveLength(1);
    expect(policiesOf({ 'content-type': [] })).toHaveLength(1);
    expect(policiesOf({ 'content-type': ['application/json', 'text/html'] })).toHaveLength(1);
    expect(policiesOf({ 'content-type': ['text/html', 'text/plain'] })).toHaveLength(1);
  });

  it("stands beside the function's own policies", () => {
    expect(
      policiesOf({ 'content-type': 'text/html', 'content-security-policy': "default-src 'self'" }),
    ).toEqual(["default-src 'self'", expect.stringMatching(/^sandbox /)]);
  });

  it('is for what a browser has kept, too, whatever type an answer says that it has', () => {
    const headers = { 'content-type': 'application/json', 'content-security-policy': "default-src 'self'" };
    expect(policiesOf(headers, 304)).toEqual(["default-src 'self'", expect.stringMatching(/^sandbox /)]);
  });
});
