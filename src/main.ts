import { setSourceMapsSupport } from 'node:module';
import { trimPackages } from './trim-packages.js';

// Before the server is loaded, because both are about how modules are loaded. Stacks name lines of our own sources;
// the maps of packages would take 3 MB.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
trimPackages();
await import('./bootstrap/server.js');
