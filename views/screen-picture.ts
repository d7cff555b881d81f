import { PANES, type Rect } from '../src/screen/layout.ts';
import type { Screen } from '../src/screen/screen.ts';
import type { Picture, Placed } from '../src/stage/picture.ts';
import { fit } from '../src/stage/width.ts';
import { paint } from '../src/text/look.ts';
import { dialogHeight, dialogLines } from './dialog-lines.ts';
import { docLines } from './doc-lines.ts';
import { footerLine } from './footer-line.ts';
import { headerLine } from './header-line.ts';
import { logLines } from './log-lines.ts';
import { paletteLines } from './palette-lines.ts';
import { paneLines, summaryLine } from './pane-lines.ts';
import { placed } from './placed.ts';

export interface Around {
  title: string;
  clock: 'off' | 'minutes' | 'seconds';
  /** The terminal takes what is written slowly. */
  slow: boolean;
}

/** The whole screen: header, panes, footer, and what lies over them. */
export function screenPicture(screen: Screen, around: Around): Picture {
  const { fleet, banner, ascii } = screen.options;
  // It is made when the terminal can take it, which may be just when something has come in.
  fleet.judge();
  const { columns } = screen.size;
  const { header, footer, banner: bannerRect, overlay, panes, summaries } = screen.layout();
  const picture: Placed[] = [placed(header, [headerLine(screen, { ...around, width: columns })], ascii)];
  if (bannerRect && banner) picture.push(placed(bannerRect, [paint('demo', fit(` ${banner}`, columns))], ascii));
  for (const name of PANES) {
    const pane = panes[name];
    const summary = summaries[name];
    if (pane) picture.push(placed(pane, paneLines(screen, name, pane), ascii));
    else if (summary) picture.push(placed(summary, [summaryLine(screen, name, columns)], ascii));
  }
  const over = overPanes(screen, overlay);
  if (over) picture.push(over);
  picture.push(placed(footer, [footerLine(screen, columns)], ascii));
  return picture;
}

/** What lies over the panes: a dialog, the palette, or the text that was opened last. */
function overPanes(screen: Screen, body: Rect): Placed | null {
  const { ascii } = screen.options;
  const { bare } = screen.layout();
  const { dialog } = screen.acting;
  if (dialog) {
    const width = Math.min(body.width, 90);
    const height = Math.min(body.height, dialogHeight(dialog, width));
    const left = body.left + Math.floor((body.width - width) / 2);
    const top = body.top + Math.floor((body.height - height) / 3);
    return placed({ left, width, top, height }, dialogLines(dialog, { width, height, ascii }), ascii);
  }
  if (screen.input && 'index' in screen.input) {
    const height = Math.min(body.height, 16);
    const rect = { ...body, width: Math.min(body.width, 130), top: body.top + body.height - height, height };
    return placed(rect, paletteLines(screen, rect), ascii);
  }
  if (screen.topLog) return placed(body, logLines(screen.topLog, { ...body, bare, ascii }), ascii);
  const doc = screen.docs.at(-1);
  if (!doc || body.height < 1) return null;
  return placed(body, docLines(doc, screen.docLines(doc), { ...body, bare, ascii }), ascii);
}
