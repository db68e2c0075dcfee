import { render } from 'preact';
import { prepareClient } from './api/client.js';
import { followVisibility } from './api/visibility.js';
import { App } from './app.js';
import { startClock } from './clock.js';
import { followTheme } from './theme.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/pages.css';

followTheme();
followVisibility();
startClock();
prepareClient();
const page = document.getElementById('app');
if (page !== null) render(<App />, page);
