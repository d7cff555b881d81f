import type { ReactElement } from 'react';
import { App, type AppProps } from '../views/App.tsx';
import { Boundary } from '../views/Boundary.tsx';

/** The screen of a platform, as Ink takes it. `fail`: it cannot go on. */
export function watchView(props: AppProps, fail: (error: Error) => void): ReactElement {
  return (
    <Boundary fail={fail}>
      <App {...props} />
    </Boundary>
  );
}
