export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly href: string;
}

/** Each tab is an address, so tabs are links: one can open, keep and send them. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ id, title, href }) => (
        <a
          key={id}
          ref={id === current ? showTab : null}
          href={href}
          aria-current={id === current ? 'page' : undefined}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** On a phone not all tabs fit; the current one is always in sight. */
function showTab(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
