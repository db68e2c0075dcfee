// A Hono application as it is anywhere else; its own adapter makes a Lambda handler of it.
import { Hono } from 'hono';
import { handle, streamHandle } from 'hono/aws-lambda';
import { setCookie } from 'hono/cookie';
import { streamSSE } from 'hono/streaming';

const app = new Hono();

app.get('/', (c) => c.json({ framework: 'hono', greeting: `Hello ${c.req.query('name') ?? 'World'}!` }));

app.get('/pixel.gif', (c) =>
  c.body(Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'), 200, { 'content-type': 'image/gif' }),
);

// The header says where the application lives, so that the redirect stays in it.
app.get('/hello', (c) => c.redirect(`${c.req.header('x-forwarded-prefix')}/?name=Ada`));

app.post('/notes/:id', async (c) => {
  setCookie(c, 'last', c.req.param('id'));
  setCookie(c, 'kind', 'note');
  return c.json({ id: c.req.param('id'), note: await c.req.json() }, 201);
});

app.get('/count', (c) =>
  streamSSE(c, async (stream) => {
    for (const n of [1, 2, 3]) await stream.writeSSE({ data: String(n) });
  }),
);

export const handler = handle(app);
// The same, answering in pieces: deploy it with the setting `handler` at `index.streamed`.
export const streamed = streamHandle(app);
