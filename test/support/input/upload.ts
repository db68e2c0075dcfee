import { zipOf } from '../zip.js';

/** The routes that take an archive in a form, each with a path that leads to it. */
export const formPaths = { 'post /deploy': '/deploy', 'put /deploy/{name}': '/deploy/hello' } as const;

/** A form with these fields and a good archive. */
export function formWith(...fields: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  form.set('file', new File([new Uint8Array(zipOf({ 'index.js': '' }))], 'another.zip'));
  return form;
}
