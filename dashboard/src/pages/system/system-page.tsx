import type { RoutePropsForPath } from 'preact-iso';
import { mayOnServer } from '../../api/may.js';
import { Empty } from '../../parts/empty.js';
import { Page } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { pathTo } from '../../routes.js';
import { NotFoundPage } from '../not-found-page.js';
import { AuditTab } from './audit-tab.js';
import { ConfigurationTab } from './configuration-tab.js';
import { KeysTab } from './keys/keys-tab.js';
import { StorageTab } from './storage-tab.js';

const tabs = [
  { id: 'keys', title: 'Keys', content: KeysTab },
  { id: 'audit', title: 'Audit log', content: AuditTab },
  { id: 'configuration', title: 'Configuration', content: ConfigurationTab },
  { id: 'storage', title: 'Storage', content: StorageTab },
] as const;

/** The server itself: who may use it, who did what, how it is set up, and where its bytes are. */
export function SystemPage({ tab = 'keys' }: RoutePropsForPath<'/:tab?'>) {
  const current = tabs.find(({ id }) => id === tab);
  if (!current) return <NotFoundPage />;
  if (!mayOnServer('admin')) return <NotAllowed />;
  return (
    <Page title="System">
      <Tabs
        label="System"
        current={tab}
        tabs={tabs.map(({ id, title }) => ({ id, title, href: pathTo.system(id) }))}
      />
      <current.content key={tab} />
    </Page>
  );
}

function NotAllowed() {
  return (
    <Page title="System">
      <Empty title="Your key may not see the server itself.">
        <p>
          Sign in with a key that has the scope <code>admin</code> and is not limited to certain functions.
        </p>
      </Empty>
    </Page>
  );
}
