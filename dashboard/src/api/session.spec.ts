import { client } from '@glambdar/client/client';
import { hasEnded, refreshSession, session, signIn } from './session.js';

const nobody = { signedIn: false, csrfToken: null };
const somebody = { signedIn: true, csrfToken: 'token' };

describe('who uses the page', () => {
  it('is who has signed in, whatever an answer from before says that comes after', async () => {
    const before = Promise.withResolvers<Response>();
    client.setConfig({
      baseUrl: 'http://server',
      fetch: (request) =>
        request instanceof Request && request.method === 'GET'
          ? before.promise
          : Promise.resolve(Response.json(somebody)),
    });
    const refreshed = refreshSession();
    await signIn('glb_key');
    before.resolve(Response.json(nobody));
    await refreshed;
    expect(session.peek()).toEqual(somebody);
    expect(hasEnded.peek()).toBe(false);
  });
});
