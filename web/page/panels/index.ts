/** The panels, in the order of the page. */
import type { Actions, Panel } from '../panel.js';
import { DataPanel } from './data-panel.js';
import { DesignPanel } from './design-panel.js';
import { FilesPanel } from './files-panel.js';
import { LookPanel } from './look-panel.js';
import { ResultPanel } from './result-panel.js';
import { RunPanel } from './run-panel.js';
import { numberStages } from './section.js';
import { SessionsPanel } from './sessions-panel.js';
import { SplitPanel } from './split-panel.js';

const PANELS: readonly (new (actions: Actions) => Panel)[] = [
  DataPanel,
  SessionsPanel,
  DesignPanel,
  SplitPanel,
  RunPanel,
  ResultPanel,
  LookPanel,
  FilesPanel,
];

export function makePanels(actions: Actions): readonly Panel[] {
  const panels = PANELS.map((Kind) => new Kind(actions));
  numberStages(panels.map(({ element }) => element));
  return panels;
}
