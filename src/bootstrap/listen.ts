import type { NestExpressApplication } from '@nestjs/platform-express';
import { lookup } from 'node:dns/promises';
import { BindPolicy } from '../auth/http/bind-policy.js';
import { httpSettings, type HttpSettings } from '../http/http.settings.js';

/** Begins to accept connections, unless that would let in whom nobody meant to let in. */
export async function listen(app: NestExpressApplication): Promise<void> {
  const { host, port } = app.get<HttpSettings>(httpSettings.config.KEY);
  // Looked up once, so that what is checked is what is listened on.
  const { address } = await lookup(host);
  app.get(BindPolicy).require(address);
  await app.listen(port, address);
}
