/** A worker of a few texts: from a Blob, so that it is under the page's policy, which may forbid it. */
export function startInline(code: readonly string[], options: WorkerOptions): Worker {
  const address = URL.createObjectURL(new Blob([...code], { type: 'text/javascript' }));
  try {
    const worker = new Worker(address, options);
    const release = () => URL.revokeObjectURL(address);
    worker.addEventListener('message', release, { once: true });
    worker.addEventListener('error', release, { once: true });
    return worker;
  } catch (error) {
    URL.revokeObjectURL(address);
    throw error;
  }
}
