// An Express application as it is anywhere else; the adapter makes a Lambda handler of it.
const express = require('express');
const serverless = require('serverless-http');

const app = express();
// The headers that say how the client called are the server's own.
app.set('trust proxy', true);
app.use(express.json());

app.get('/', (req, res) => {
  res.json({ framework: 'express', greeting: `Hello ${req.query.name ?? 'World'}!` });
});

app.get('/pixel.gif', (req, res) => {
  res.type('gif').send(Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'));
});

// req.baseUrl is where the application lives, so that the redirect stays in it.
app.get('/hello', (req, res) => {
  res.redirect(`${req.baseUrl}/?name=Ada`);
});

app.post('/notes/:id', (req, res) => {
  res.cookie('last', req.params.id).cookie('kind', 'note');
  res.status(201).json({ id: req.params.id, note: req.body });
});

exports.handler = serverless(app, {
  binary: ['image/*'],
  request: (req) => {
    req.baseUrl = req.headers['x-forwarded-prefix'];
    req.originalUrl = req.baseUrl + req.url;
  },
});
