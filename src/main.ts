import { setSourceMapsSupport } from 'node:module';

// Before the server is loaded. Stacks name lines of our own sources; the maps of packages would take 3 MB.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
await import('./bootstrap/server.js');
