/**
 * The settings of the `warm` functions that are measured. Two containers suit two cores: the server itself takes most
 * of one, and with more containers they only take turns on the other.
 * @type {import('../system/deploying.mjs').FunctionSettings}
 */
export const WARM = { isolation: 'warm', maxContainers: 2 };
