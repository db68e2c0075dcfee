// Takes webhooks that are signed as GitHub signs them: HMAC-SHA256 of the body in `X-Hub-Signature-256`. First give it
// the secret that the sender has, too: `glambdar secrets set NAME WEBHOOK_SECRET`.
const { createHmac, timingSafeEqual } = require('node:crypto');

exports.handler = async (req) => {
  const secret = process.env.WEBHOOK_SECRET;
  if (!secret) {
    return answer(503, 'This webhook has no secret yet: set WEBHOOK_SECRET with `glambdar secrets set`.');
  }
  const body = Buffer.from(req.body ?? '', req.isBase64Encoded ? 'base64' : 'utf8');
  if (!isSigned(body, req.headers['x-hub-signature-256'], secret))
    return answer(401, 'The signature is wrong.');

  // From here on the body comes from somebody who has the secret. `glambdar logs` shows what is printed.
  const event = JSON.parse(body.toString('utf8'));
  console.log('received', req.headers['x-github-event'] ?? 'event', event);
  return answer(202, 'Accepted.');
};

// The comparison takes the same time whatever is wrong, so that nobody can guess a signature piece by piece.
function isSigned(body, signature, secret) {
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const given = String(signature ?? '');
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function answer(statusCode, message) {
  return { statusCode, body: { message } };
}
