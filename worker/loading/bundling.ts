import { shownName } from './shown-names.js';

const [major = ''] = process.versions.node.split('.');

/** How to make of sources that Node.js cannot run as they are something that it can; `entry` is the handler's file. */
export function howToBundle(entry: string, ...more: string[]): string {
  const outfile = `dist/${entry.replace(/\.\w+$/, '')}.js`;
  const options = ['--bundle', '--platform=node', `--target=node${major}`, ...more];
  return (
    `Bundle it: npx esbuild ${shownName(entry)} ${options.join(' ')} --outfile=${shownName(outfile)}, ` +
    'then deploy the folder dist.'
  );
}
