/**
 * The element in a notebook (Jupyter, marimo, VS Code): one ES module with all code inside, as anywidget takes it. The other
 * side is src/python/causal_sessions/_widget.py.
 *
 * Traits that both sides know are `plan` and `formats`. Data go as messages, in pieces: a trait would be saved into the notebook,
 * and Jupyter ends a connection that brings it more than 10 MB at once. A view asks {kind: 'ask'}, and gets {kind: 'piece', file}
 * with a buffer for each piece of each file, then {kind: 'source', names}. After a run it sends {kind: 'begin'}, {kind: 'piece', path}
 * for each piece of each file of the result, and {kind: 'result', report}; or {kind: 'error', ...} where a run was refused. All of
 * them name the view, since one widget may be shown several times.
 */
import type { CausalSessionsElement } from './element.js';
import { EventDataError, type Dataset, type PartialPlan, type TableFormat } from '../../lib/types/index.js';
import { h } from '../dom.js';
import { NOTEBOOK } from '../words/common.js';
import { defineElement } from './element.js';
import * as code from './packed-engine.js';

/** What anywidget hands over, as far as it is used here. */
interface Model {
  get(trait: string): unknown;
  set(trait: string, value: unknown): void;
  save_changes(): void;
  on(event: string, hear: (...args: never[]) => void): void;
  off(event: string, hear: (...args: never[]) => void): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[]): void;
}

interface Message {
  kind: 'piece' | 'source' | 'changed' | 'process';
  view?: string;
  /** Of a piece: the number of its file. */
  file?: number;
  names?: string[];
}

const PIECE_BYTES = 4 << 20;

defineElement(code);

export default {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    const view = crypto.getRandomValues(new Uint32Array(4)).join('-');
    const element = document.createElement('causal-sessions') as CausalSessionsElement;
    element.append(h('span', { slot: 'privacy' }, h('strong', {}, NOTEBOOK.private), NOTEBOOK.device));
    const send = (kind: string, more: object = {}, bytes?: Uint8Array<ArrayBuffer>) =>
      model.send({ kind, view, ...more }, undefined, bytes && [bytes.slice().buffer]);

    let arriving: DataView<ArrayBuffer>[][] = [];
    const process = () => void element.process().catch(() => undefined); // the event `error` says why
    const hear = (message: Message, buffers: DataView<ArrayBuffer>[]) => {
      if (message.kind === 'changed') send('ask');
      else if (message.kind === 'process') process();
      else if (message.view !== view) return;
      else if (message.kind === 'piece') (arriving[message.file!] ??= []).push(...buffers);
      else {
        element.files = message.names!.map((name, file) => new File(arriving[file] ?? [], name));
        arriving = [];
        if (element.files.length > 0) process();
      }
    };
    const takePlan = () => (element.plan = model.get('plan') as PartialPlan);

    element.addEventListener('planchange', (event) => {
      model.set('plan', (event as CustomEvent<PartialPlan>).detail);
      model.save_changes();
    });
    const refuse = (error: Error) => {
      if (error.name === 'AbortError') return;
      const { code, where } = error instanceof EventDataError ? error : { code: 'failed', where: {} };
      send('error', { code, message: error.message, where });
    };
    let current: Dataset | null = null;
    element.addEventListener('progress', () => (current = null)); // a next run takes the dataset away, and brings another one
    element.addEventListener('result', (event) => {
      const dataset = (event as CustomEvent<Dataset>).detail;
      current = dataset;
      handOver(dataset, model.get('formats') as TableFormat[], send).catch((error) => current === dataset && refuse(error));
    });
    element.addEventListener('error', (event) => refuse((event as Event as CustomEvent<Error>).detail));
    model.on('msg:custom', hear);
    model.on('change:plan', takePlan);
    takePlan();
    el.append(element);
    send('ask');
    return () => {
      model.off('msg:custom', hear);
      model.off('change:plan', takePlan);
      element.remove();
    };
  },
};

/** All files of a run, as the command writes them, and what it tells. */
async function handOver(
  dataset: Dataset,
  formats: TableFormat[],
  send: (kind: string, more?: object, bytes?: Uint8Array<ArrayBuffer>) => void,
): Promise<void> {
  send('begin');
  const files = await dataset.files([...formats, 'audit']);
  const sendPieces = (path: string, bytes: Uint8Array) => {
    for (let at = 0; at === 0 || at < bytes.length; at += PIECE_BYTES) send('piece', { path }, bytes.slice(at, at + PIECE_BYTES));
  };
  for (const { path } of files) await dataset.writePieces(path, (bytes) => sendPieces(path, bytes));
  sendPieces('manifest.json', await dataset.manifest(files));
  send('result', { report: dataset.report });
}
