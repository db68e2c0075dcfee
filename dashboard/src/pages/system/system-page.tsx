import { Empty } from '../../parts/empty.js';
import { Page } from '../../parts/page.js';

export function SystemPage() {
  return (
    <Page title="System">
      <Empty title="Nothing to see yet." />
    </Page>
  );
}
