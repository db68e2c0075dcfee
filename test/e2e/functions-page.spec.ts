import { readFileSync } from 'node:fs';
import { zipOf } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

const page = readFileSync(new URL('../../docs/functions.md', import.meta.url), 'utf8');

/** Each example: its code, a request's body, and what the page says is answered. */
const examples = [
  ...page.matchAll(/```js\n([\s\S]*?)```\n\n`([^\n]+?)` is answered with (\d+) and `([^\n]+)`\./g),
].map(([, code = '', body = '', status = '', answer = '']) => ({
  code,
  body,
  status: Number(status),
  answer,
}));

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('the page for those who write functions', () => {
  it('says of each of its examples what it answers', () => {
    expect(examples).toHaveLength([...page.matchAll(/```js\n/g)].length);
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples.map((example, index) => ({ ...example, name: `example${index}` })))(
    'is right about $name: $answer',
    async ({ name, code, body, status, answer }) => {
      await served.deploy(name, zipOf({ 'index.js': code }));
      const answered = await served.invoke(name, body);
      expect([answered.status, answered.text]).toEqual([status, answer]);
      await served.delete(name);
    },
  );
});
