/** What each client of the fixture `real-clients` gets from the servers of `OutsideServers`. */
export const expectedOfClients: Readonly<Record<string, unknown>> = {
  ws: 'heard hello',
  WebSocket: 'heard hello',
  pg: [{ one: 1 }],
  ioredis: 'b',
  axios: ['path /a', 'path /b'],
  undici: 'path /c',
  aws: '{"called":true}',
  http2: 'path /d',
};

/** The packages that the fixture needs beside itself. */
export const realClientPackages = ['ws', 'pg', 'ioredis', 'axios', 'undici', '@aws-sdk/client-lambda'];
