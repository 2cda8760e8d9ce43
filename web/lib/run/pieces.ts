/** Bytes that come in pieces, and the turns of others between them. */

export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A callback's failure must not unwind through the engine, whose memory would stay taken; it is thrown afterwards. */
export function throughPieces<T>(onPiece: (bytes: Uint8Array) => void, call: (hand: (bytes: Uint8Array) => void) => T): T {
  let failure: { error: unknown } | undefined;
  const result = call((bytes) => {
    if (failure) return;
    try {
      onPiece(bytes);
    } catch (error) {
      failure = { error };
    }
  });
  if (failure) throw failure.error;
  return result;
}

/** Lets timers, messages and the signal have their turn. */
export async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    }
  });
  signal?.throwIfAborted();
}
