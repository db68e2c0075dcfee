import { nameSources } from './bootstrap/source-stacks.js';

// Before the server is loaded.
nameSources(new URL('.', import.meta.url).href);
await import('./bootstrap/server.js');
