import type { RoutePropsForPath } from 'preact-iso';
import { Empty } from '../../parts/empty.js';
import { Page } from '../../parts/page.js';

/** One function; `tab` says which of its pages. */
export function FunctionPage({ name }: RoutePropsForPath<'/:name/:tab?'>) {
  return (
    <Page key={name} title={name}>
      <Empty title="Nothing to see yet." />
    </Page>
  );
}
