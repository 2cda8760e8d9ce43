/** The keys that take back a change of the settings, and make it again. Text fields have an undo of their own. */
export function undoKey(event: KeyboardEvent): 'undo' | 'redo' | null {
  const target = event.composedPath()[0];
  if (!(event.ctrlKey || event.metaKey) || event.altKey || (target instanceof HTMLInputElement && target.type === 'text'))
    return null;
  const key = event.key.toLowerCase();
  if (key === 'y') return event.shiftKey ? null : 'redo';
  return key !== 'z' ? null : event.shiftKey ? 'redo' : 'undo';
}
