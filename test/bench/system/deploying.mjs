/** Deploys and removes functions over the server's routes. */

/**
 * @typedef {object} FunctionSettings
 * @property {'fresh' | 'warm'} [isolation]
 * @property {number} [minContainers]
 * @property {number} [maxContainers]
 * @property {number} [idleTimeoutSeconds]
 */

/**
 * Resolves when the deploy is acknowledged; rejects when the server warns of it, because its code does not load.
 * @param {{ url: string }} server
 * @param {string} name
 * @param {Uint8Array} zip
 * @param {FunctionSettings} [settings]
 */
export async function deploy(server, name, zip, settings) {
  const { warnings = [] } = await deployUnchecked(server, name, zip, settings);
  if (warnings.length > 0) throw new Error(`Deploying ${name} warns: ${warnings.join(' ')}`);
}

/**
 * Resolves when the deploy is acknowledged, with what the server says about the code.
 * @param {{ url: string }} server
 * @param {string} name
 * @param {Uint8Array} zip
 * @param {FunctionSettings} [settings]
 * @returns {Promise<{ warnings?: string[] }>}
 */
export async function deployUnchecked(server, name, zip, settings) {
  const form = new FormData();
  if (settings !== undefined) form.set('settings', JSON.stringify(settings));
  form.set('file', new Blob([zip]), `${name}.zip`);
  const response = await fetch(`${server.url}/deploy`, { method: 'POST', body: form });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`Deploying ${name} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** @param {{ url: string }} server @param {string} name */
export async function undeploy(server, name) {
  const response = await fetch(`${server.url}/del/${name}`, { method: 'DELETE' });
  if (response.status !== 204) throw new Error(`Deleting ${name} answered ${response.status}.`);
}
