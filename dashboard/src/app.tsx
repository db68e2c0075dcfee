import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorOf } from './api/problem.js';
import { refreshSession, session } from './api/session.js';
import { FunctionPage } from './pages/function/function-page.js';
import { FunctionsPage } from './pages/functions/functions-page.js';
import { NotFoundPage } from './pages/not-found-page.js';
import { OverviewPage } from './pages/overview/overview-page.js';
import { SignInPage } from './pages/sign-in/sign-in-page.js';
import { SystemPage } from './pages/system/system-page.js';
import { Button } from './parts/button.js';
import { Message } from './parts/message.js';
import { Spinner } from './parts/progress.js';
import { Toasts } from './parts/toast.js';
import { isDecodable, ownLinks, routes } from './routes.js';
import { Shell } from './shell.js';

/** The page as a whole. Signing in is no address of its own, so whoever has signed in is where they wanted to go. */
export function App() {
  return (
    <LocationProvider scope={ownLinks}>
      <Entrance />
      <Toasts />
    </LocationProvider>
  );
}

function Entrance() {
  const [failure, setFailure] = useState<ApiError>();
  const ask = () => {
    setFailure(undefined);
    refreshSession().catch((error: unknown) => {
      setFailure(errorOf(error, undefined));
    });
  };
  useEffect(ask, []);
  if (session.value === undefined) {
    return (
      <main class="alone">
        {failure === undefined ? (
          <Spinner label="Connecting" />
        ) : (
          <Message tone="bad" title="Could not connect." action={<Button onClick={ask}>Try again</Button>}>
            {failure.message}
          </Message>
        )}
      </main>
    );
  }
  return session.value.signedIn ? <Pages /> : <SignInPage />;
}

function Pages() {
  const { path } = useLocation();
  return (
    <Shell>
      <ErrorBoundary>
        {isDecodable(path) ? (
          <Router>
            <Route path={routes.overview} component={OverviewPage} />
            <Route path={routes.functions} component={FunctionsPage} />
            <Route path={routes.oneFunction} component={FunctionPage} />
            <Route path={routes.system} component={SystemPage} />
            <Route default component={NotFoundPage} />
          </Router>
        ) : (
          <NotFoundPage />
        )}
      </ErrorBoundary>
    </Shell>
  );
}
