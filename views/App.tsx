import { Box } from 'ink';
import { useClock } from '../hooks/use-clock.ts';
import { useKeys } from '../hooks/use-keys.ts';
import { useFleet, useScreen } from '../hooks/use-screen.ts';
import { PANES, type Rect } from '../src/screen/layout.ts';
import type { Screen } from '../src/screen/screen.ts';
import { fit } from '../src/stage/width.ts';
import { paint } from '../src/text/look.ts';
import { dialogHeight, dialogLines } from './dialog-lines.ts';
import { docLines } from './doc-lines.ts';
import { footerLine } from './footer-line.ts';
import { headerLine } from './header-line.ts';
import { Lines } from './Lines.tsx';
import { logLines } from './log-lines.ts';
import { paletteLines } from './palette-lines.ts';
import { paneLines, summaryLine } from './pane-lines.ts';

export interface AppProps {
  screen: Screen;
  title: string;
  clock: 'off' | 'minutes' | 'seconds';
  /** Called before each key is obeyed: what it changes must be drawn at once. */
  pressed(): void;
  /** Whether the terminal takes what is written slowly. */
  isSlow(): boolean;
}

/** The whole screen: header, panes, footer, and what lies over them. */
export function App({ screen, title, clock, pressed, isSlow }: AppProps) {
  const { fleet, banner } = screen.options;
  useScreen(screen);
  useFleet(fleet);
  useClock(fleet, clock === 'seconds');
  useKeys(screen, pressed);
  const { columns, rows } = screen.size;
  const { header, footer, banner: bannerRect, overlay, panes, summaries } = screen.layout();
  return (
    <Box width={columns} height={rows}>
      <Lines
        ascii={screen.options.ascii}
        rect={header}
        lines={[headerLine(screen, { title, width: columns, clock, slow: isSlow() })]}
      />
      {bannerRect && banner && (
        <Lines ascii={screen.options.ascii} rect={bannerRect} lines={[paint('demo', fit(` ${banner}`, columns))]} />
      )}
      {PANES.map(name => {
        const pane = panes[name];
        const summary = summaries[name];
        if (pane)
          return <Lines ascii={screen.options.ascii} key={name} rect={pane} lines={paneLines(screen, name, pane)} />;
        return (
          summary && (
            <Lines
              ascii={screen.options.ascii}
              key={name}
              rect={summary}
              lines={[summaryLine(screen, name, columns)]}
            />
          )
        );
      })}
      <Over screen={screen} body={overlay} />
      <Lines ascii={screen.options.ascii} rect={footer} lines={[footerLine(screen, columns)]} />
    </Box>
  );
}

/** What lies over the panes: the text that was opened last, or the palette. */
function Over({ screen, body }: { screen: Screen; body: Rect }) {
  const doc = screen.docs.at(-1);
  const { dialog } = screen.acting;
  if (dialog) {
    const width = Math.min(body.width, 90);
    const height = Math.min(body.height, dialogHeight(dialog, width));
    const left = body.left + Math.floor((body.width - width) / 2);
    const rect = { left, width, top: body.top + Math.floor((body.height - height) / 3), height };
    const { ascii } = screen.options;
    return <Lines ascii={ascii} rect={rect} lines={dialogLines(dialog, { width, height, ascii })} />;
  }
  if (screen.input && 'index' in screen.input) {
    const height = Math.min(body.height, 16);
    const rect = { ...body, width: Math.min(body.width, 130), top: body.top + body.height - height, height };
    return <Lines ascii={screen.options.ascii} rect={rect} lines={paletteLines(screen, rect)} />;
  }
  const log = screen.topLog;
  if (log) {
    const { bare } = screen.layout();
    const { ascii } = screen.options;
    return <Lines ascii={ascii} rect={body} lines={logLines(log, { ...body, bare, ascii })} />;
  }
  if (!doc || body.height < 1) return null;
  const { ascii } = screen.options;
  const { bare } = screen.layout();
  return (
    <Lines
      ascii={screen.options.ascii}
      rect={body}
      lines={docLines(doc, screen.docLines(doc), { ...body, bare, ascii })}
    />
  );
}
