/** Functions that look like somebody's: what they do matters to nobody, how they go does. */

/**
 * @typedef {object} Sample
 * @property {string} name
 * @property {string} code
 * @property {object} settings
 * @property {string[]} paths what is called of it
 * @property {number} perSecond how often, about; 0 for never
 */

const warm = { isolation: 'warm', maxContainers: 2 };

/** @type {readonly Sample[]} */
export const SAMPLES = [
  {
    name: 'greet',
    settings: { ...warm, description: 'Says hello.' },
    perSecond: 5,
    paths: ['/?name=Ada', '/?name=Grace', '/'],
    code: `exports.handler = async (req) => {
  const name = req.queryStringParameters?.name ?? 'world';
  console.log('greeting', name);
  return { body: { message: \`Hello, \${name}!\` } };
};`,
  },
  {
    name: 'orders',
    settings: { ...warm, environment: { CURRENCY: 'EUR' } },
    perSecond: 3,
    paths: ['/orders/1042', '/orders/1043', '/orders/1044', '/orders/1045', '/orders/7'],
    code: `exports.handler = async (req) => {
  const id = Number(req.rawPath.split('/').pop());
  console.info('looking up order', id);
  if (id < 100) throw new RangeError('no order has the number ' + id);
  await new Promise((done) => setTimeout(done, 4 + Math.random() * 12));
  if (id % 2) console.warn('order', id, 'ships late');
  return { statusCode: 200, body: { id, total: 42.5, currency: process.env.CURRENCY, items: [{ sku: 'A-17', count: 2 }] } };
};`,
  },
  {
    name: 'thumbnails',
    settings: { ...warm, memoryMiB: 256 },
    perSecond: 1.5,
    paths: ['/cat.jpg', '/boat.jpg'],
    code: `exports.handler = async (req) => {
  await new Promise((done) => setTimeout(done, 30 + Math.random() * 90));
  console.log('resized', req.rawPath);
  return { width: 320, height: 200 };
};`,
  },
  {
    name: 'payment-webhook',
    settings: { description: 'Every call in a container of its own.' },
    perSecond: 0.3,
    paths: ['/'],
    code: `exports.handler = async () => {
  console.log('signature is right');
  return { statusCode: 202 };
};`,
  },
  {
    name: 'nightly-report',
    settings: {},
    perSecond: 0,
    paths: [],
    code: `exports.handler = async () => 'done';`,
  },
  {
    name: 'newsletter',
    settings: {},
    perSecond: 0,
    paths: [],
    code: `const mailer = require('mailer');
exports.handler = async () => mailer.send();`,
  },
];
