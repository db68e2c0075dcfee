import { Empty } from '../parts/empty.js';
import { Page } from '../parts/page.js';
import { pathTo } from '../routes.js';

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <Empty title="The dashboard has no page at this address.">
        <p>
          Go to the <a href={pathTo.overview()}>overview</a> or to the{' '}
          <a href={pathTo.functions()}>functions</a>.
        </p>
      </Empty>
    </Page>
  );
}
