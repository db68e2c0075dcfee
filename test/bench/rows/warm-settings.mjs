/**
 * The settings of the `warm` functions that are measured beside something else: with two containers on two cores they
 * leave that something its share.
 * @type {import('../system/deploying.mjs').FunctionSettings}
 */
export const WARM = { isolation: 'warm', maxContainers: 2 };

/**
 * And of the one that is asked for as much as it gives. With eight calls under way the server finds several answers
 * whenever it looks, and wakes and is woken less often for each: a third more calls than with two.
 * @type {import('../system/deploying.mjs').FunctionSettings}
 */
export const WARM_SATURATED = { isolation: 'warm', maxContainers: 8 };
