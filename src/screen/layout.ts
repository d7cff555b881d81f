export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export const PANES = ['nodes', 'services', 'pools', 'cephfs', 'events'] as const;
export type PaneName = (typeof PANES)[number];

export interface Layout {
  header: Rect;
  footer: Rect;
  /** A banner under the header, when there is something to say. */
  banner: Rect | null;
  /** Where a text lies over the panes; the banner stays in sight. */
  overlay: Rect;
  /** Panes with frames and rows. */
  panes: Partial<Record<PaneName, Rect>>;
  /** Panes told in one line each. */
  summaries: Partial<Record<PaneName, Rect>>;
  /** There is no room to spare: neither frames nor column titles. */
  bare: boolean;
}

export interface LayoutMode {
  focus: PaneName;
  zoomed: boolean;
  banner: boolean;
}

/** Rows of a screen under which all room goes to the list. */
const BARE_BELOW = 10;

/** Where everything stands on a screen of this size. Sizes from 1×1 on; a rectangle may be empty but never outside. */
export function layout(columns: number, rows: number, mode: LayoutMode): Layout {
  const header = { left: 0, top: 0, width: columns, height: Math.min(1, rows) };
  const footer = { left: 0, top: Math.max(0, rows - 1), width: columns, height: rows > 2 ? 1 : 0 };
  const hasBanner = mode.banner && rows > 8;
  const banner = hasBanner ? { left: 0, top: 1, width: columns, height: 1 } : null;
  const top = header.height + (hasBanner ? 1 : 0);
  const body: Rect = { left: 0, top, width: columns, height: Math.max(0, rows - top - footer.height) };
  const frame = { header, footer, banner, overlay: body, bare: rows < BARE_BELOW };
  if (mode.zoomed || rows < 14) return { ...frame, panes: { [mode.focus]: body }, summaries: {} };
  if (columns < 110 || rows < 28) return { ...frame, ...onePane(body, mode.focus) };
  return { ...frame, panes: allPanes(body), summaries: {} };
}

/** One pane open, the others as a line each, in the order of their numbers. */
function onePane(body: Rect, focus: PaneName): Pick<Layout, 'panes' | 'summaries'> {
  const summaries: Layout['summaries'] = {};
  const panes: Layout['panes'] = {};
  let top = body.top;
  for (const pane of PANES) {
    const height = pane === focus ? body.height - (PANES.length - 1) : 1;
    const rect = { ...body, top, height };
    if (pane === focus) panes[pane] = rect;
    else summaries[pane] = rect;
    top += height;
  }
  return { panes, summaries };
}

function allPanes(body: Rect): Layout['panes'] {
  const eventsHeight = Math.max(7, Math.min(14, Math.floor(body.height * 0.22)));
  const upper = body.height - eventsHeight;
  const nodesHeight = Math.max(7, Math.min(14, Math.floor(upper * 0.36)));
  const left = Math.floor(body.width * 0.55);
  const right = body.width - left;
  return {
    nodes: { left: 0, top: body.top, width: left, height: nodesHeight },
    services: { left: 0, top: body.top + nodesHeight, width: left, height: upper - nodesHeight },
    pools: { left, top: body.top, width: right, height: nodesHeight },
    cephfs: { left, top: body.top + nodesHeight, width: right, height: upper - nodesHeight },
    events: { left: 0, top: body.top + upper, width: body.width, height: eventsHeight },
  };
}
