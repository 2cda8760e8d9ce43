/** The key that takes back a change of the settings. Text fields have an undo of their own. */
export function isUndo(event: KeyboardEvent): boolean {
  const pressed = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';
  const target = event.composedPath()[0];
  return pressed && !(target instanceof HTMLInputElement && target.type === 'text');
}
