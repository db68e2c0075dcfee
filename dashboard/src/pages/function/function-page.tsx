import { getFunction, type FunctionMetadata } from '@glambdar/client';
import type { RoutePropsForPath } from 'preact-iso';
import { throwing } from '../../api/client.js';
import { may } from '../../api/may.js';
import type { Poller } from '../../api/poller.js';
import { ApiError } from '../../api/problem.js';
import { usePolled } from '../../api/use-polled.js';
import { Badge } from '../../parts/badge.js';
import { Empty } from '../../parts/empty.js';
import { Message } from '../../parts/message.js';
import { Page } from '../../parts/page.js';
import { Tabs } from '../../parts/tabs.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { pathTo } from '../../routes.js';
import { visibleText } from '../../text/visible.js';
import { DeleteFunction } from './delete-function.js';
import { type FunctionTab, tabsFor } from './function-tabs.js';
import './function.css';

const refreshMs = 5000;

/** One function; `tab` says which of its pages. */
export function FunctionPage({ name, tab }: RoutePropsForPath<'/:name/:tab?'>) {
  return <OneFunction key={name} name={name} tab={tab} />;
}

function OneFunction({ name, tab }: { readonly name: string; readonly tab: string | undefined }) {
  const mayRead = may('functions:read', name);
  const metadata = usePolled(
    async (signal) =>
      mayRead ? (await getFunction({ ...throwing, path: { name }, signal })).data : undefined,
    refreshMs,
    [name, mayRead],
  );
  const isMissing = metadata.error.value instanceof ApiError && metadata.error.value.status === 404;
  if (isMissing) return <Missing name={name} />;
  const tabs = tabsFor(name);
  const current = tabs.find(({ id }) => id === tab) ?? (tab === undefined ? tabs[0] : undefined);
  const Content = current?.content;
  return (
    <Page
      title={visibleText(name)}
      beside={<State metadata={metadata} />}
      actions={may('functions:delete', name) && <DeleteFunction name={name} />}
    >
      <Trouble metadata={metadata} />
      <Tabs
        label={`Pages of ${name}`}
        current={current?.id ?? ''}
        tabs={tabs.map(({ id, title }) => ({ id, title, href: pathTo.oneFunction(name, id) }))}
      />
      {Content ? (
        <Content key={current.id} name={name} onChanged={() => void metadata.reload()} />
      ) : (
        <NoSuchTab name={name} first={tabs[0]} />
      )}
    </Page>
  );
}

/** Nothing has this address; or what has is not for this key. */
function NoSuchTab({ name, first }: { readonly name: string; readonly first: FunctionTab | undefined }) {
  if (!first)
    return (
      <Empty title="Your key may do nothing with this function.">
        <p>
          Sign in with another key, or go to the <a href={pathTo.functions()}>functions</a>.
        </p>
      </Empty>
    );
  return (
    <Empty title="There is no such page, or your key may not see it.">
      <p>
        Choose one of the pages above, such as <a href={pathTo.oneFunction(name, first.id)}>{first.title}</a>.
      </p>
    </Empty>
  );
}

type Metadata = Poller<FunctionMetadata | undefined>;

const tones = { active: 'good', failing: 'bad', broken: 'bad' } as const;

function State({ metadata }: { readonly metadata: Metadata }) {
  const known = metadata.data.value;
  if (!known) return null;
  return (
    <>
      <Badge tone={tones[known.state]}>{known.state}</Badge>
      <Badge>{`version ${known.version}`}</Badge>
      <Badge>{known.runtime}</Badge>
      {known.isolation === 'warm' && <Badge>warm</Badge>}
    </>
  );
}

/** Why calls are likely to fail, and that what is shown may be old. */
function Trouble({ metadata }: { readonly metadata: Metadata }) {
  const known = metadata.data.value;
  const error = metadata.error.value;
  return (
    <div class="stack trouble">
      {error && (
        <Message tone="bad" title="Could not refresh this function.">
          {error.message}
        </Message>
      )}
      {known && known.state !== 'active' && (
        <Message
          tone="bad"
          title={known.state === 'broken' ? 'The code is missing or damaged.' : 'The code does not load.'}
        >
          {known.stateReason ? <ForeignText text={known.stateReason} /> : 'Publish it again.'}
        </Message>
      )}
    </div>
  );
}

function Missing({ name }: { readonly name: string }) {
  return (
    <Page title={visibleText(name)}>
      <Empty title="There is no function of this name.">
        <p>
          It may have been deleted. <a href={pathTo.functions()}>See all functions</a>
        </p>
      </Empty>
    </Page>
  );
}
