// An Express application as it is anywhere else; the adapter makes a Lambda handler of it.
const express = require('express');
const serverless = require('serverless-http');

const app = express();
app.use(express.json());

app.get('/', (req, res) => {
  res.json({ framework: 'express', greeting: `Hello ${req.query.name ?? 'World'}!` });
});

app.get('/pixel.gif', (req, res) => {
  res.type('gif').send(Buffer.from('R0lGODlhAQABAAAAACwAAAAAAQABAAA=', 'base64'));
});

app.post('/notes/:id', (req, res) => {
  res.cookie('last', req.params.id).cookie('kind', 'note');
  res.status(201).json({ id: req.params.id, note: req.body });
});

exports.handler = serverless(app, { binary: ['image/*'] });
