import type { ReactElement } from 'react';
import { App, type AppProps } from '../views/App.tsx';

/** The screen of a platform as Ink takes it; apart from bin/screen.ts, which draws before React is loaded. */
export function watchView(props: AppProps): ReactElement {
  return <App {...props} />;
}
