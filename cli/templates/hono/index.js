// A Hono application as it is anywhere else; its own adapter makes a handler of it. The server installs the packages.
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

const app = new Hono();

app.get('/', (c) => c.json({ message: `Hello ${c.req.query('name') ?? 'World'}!` }));

app.post('/notes', async (c) => c.json({ note: await c.req.json() }, 201));

// The header says where the application lives, so that a redirect stays in it.
app.get('/old', (c) => c.redirect(`${c.req.header('x-forwarded-prefix')}/`));

export const handler = handle(app);
