import { render } from 'preact';
import { App } from './app.js';

const page = document.getElementById('app');
if (page !== null) render(<App />, page);
