/** The launcher's program for tests, which have no built files. */
import './typescript.mjs';

await import('../../src/container/engine/oci/launcher/launcher.ts');
