// An Express application as it is anywhere else; the adapter makes a handler of it. The server installs the packages.
const express = require('express');
const serverless = require('serverless-http');

const app = express();
// The headers that say how the client called are set by Glambdar alone.
app.set('trust proxy', true);
app.use(express.json());

app.get('/', (req, res) => {
  res.json({ message: `Hello ${req.query.name ?? 'World'}!` });
});

app.post('/notes', (req, res) => {
  res.status(201).json({ note: req.body });
});

// `req.baseUrl` is where the application lives, so that a redirect stays in it.
app.get('/old', (req, res) => {
  res.redirect(`${req.baseUrl}/`);
});

exports.handler = serverless(app, {
  binary: ['image/*'],
  request: (req) => {
    req.baseUrl = req.headers['x-forwarded-prefix'];
    req.originalUrl = req.baseUrl + req.url;
  },
});
