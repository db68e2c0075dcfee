import { Empty } from '../../parts/empty.js';
import { Page } from '../../parts/page.js';

export function OverviewPage() {
  return (
    <Page title="Overview">
      <Empty title="Nothing to see yet." />
    </Page>
  );
}
