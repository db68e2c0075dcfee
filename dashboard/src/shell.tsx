import type { ComponentChildren } from 'preact';
import { useLocation } from 'preact-iso';
import { mayOnServer } from './api/may.js';
import { session, signOut } from './api/session.js';
import { Button } from './parts/button.js';
import { Icon, type IconName } from './parts/icon.js';
import { announcing } from './parts/toast.js';
import { pathTo, routes } from './routes.js';
import { chooseTheme, nextTheme, theme, type Theme } from './theme.js';

/** What surrounds every page: where one can go, who one is, and how it looks. */
export function Shell({ children }: { readonly children: ComponentChildren }) {
  return (
    <div class="shell">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="side">
        <a class="brand" href={pathTo.overview()}>
          <Mark />
          Glambdar
        </a>
        <Navigation />
        <div class="side-foot">
          <Account />
          <ThemeSwitch />
        </div>
      </header>
      <main id="content" class="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect width="24" height="24" rx="6" />
      <path d="M7.5 18.5 12 10M8 5.5h1.8l6 13h1.7" />
    </svg>
  );
}

function Navigation() {
  const { path } = useLocation();
  const link = (icon: IconName, title: string, href: string, isCurrent: boolean) => (
    <a href={href} aria-current={isCurrent ? 'page' : undefined}>
      <Icon name={icon} />
      {title}
    </a>
  );
  return (
    <nav class="places" aria-label="Dashboard">
      {link('overview', 'Overview', pathTo.overview(), path === routes.overview)}
      {link('functions', 'Functions', pathTo.functions(), path.startsWith(routes.functions))}
      {mayOnServer('admin') && link('system', 'System', pathTo.system(), path.startsWith(pathTo.system()))}
      <a href={pathTo.docs()} class="places-docs">
        <Icon name="docs" />
        API
      </a>
    </nav>
  );
}

function Account() {
  const { key, keysRequired } = session.value ?? { key: null, keysRequired: true };
  if (!keysRequired) return <p class="account muted">No keys: open on this machine</p>;
  return (
    <div class="account">
      <span class="account-name" title="The key that you signed in with">
        {key?.name}
      </span>
      <Button look="quiet" label="Sign out" onClick={announcing(signOut)}>
        <Icon name="signOut" />
      </Button>
    </div>
  );
}

const looks: Readonly<Record<Theme, { readonly icon: IconName; readonly name: string }>> = {
  system: { icon: 'device', name: 'as the device' },
  light: { icon: 'sun', name: 'light' },
  dark: { icon: 'moon', name: 'dark' },
};

function ThemeSwitch() {
  const { icon, name } = looks[theme.value];
  return (
    <Button
      look="quiet"
      label={`Colours: ${name}. Change`}
      onClick={() => {
        chooseTheme(nextTheme(theme.value));
      }}
    >
      <Icon name={icon} />
    </Button>
  );
}
