/** What is measured of this project's engine, in Node and in Chromium alike; nothing here needs either. */
export const PARTS = ['train', 'validation', 'test'];

/** Seconds by stage, from the progress that prepare() tells: each lasts until the next is told. */
export function stageClock() {
  const seconds = { reading: 0 };
  let stage = 'reading';
  let since = performance.now();
  const enter = (next) => {
    const now = performance.now();
    seconds[stage] = (seconds[stage] ?? 0) + (now - since) / 1000;
    [stage, since] = [next, now];
  };
  return {
    enter,
    onProgress: (progress) => progress.stage !== stage && enter(progress.stage),
    end() {
      enter('done');
      const { done, ...stages } = seconds;
      return { ...stages, 'handing over': (stages['handing over'] ?? 0) + (done ?? 0) };
    },
  };
}

/** The figures that every peer must agree on, taken from the arrays themselves. */
export function figuresOf({ vocabulary }, columns) {
  const sum = (pick) => columns.reduce((total, part) => total + pick(part), 0);
  const total = (values) => values.reduce((all, value) => all + value, 0);
  return {
    sessions: sum(({ treatment }) => treatment.length),
    treated: sum(({ treatment }) => total(treatment)),
    outcomes: sum(({ outcome }) => total(outcome)),
    tokens: sum(({ eventIds }) => eventIds.length),
    vocabulary: vocabulary.size,
    eventIds: sum(({ eventIds }) => total(eventIds)),
    itemIds: sum(({ itemIds }) => total(itemIds)),
    minutes: sum(({ minutes }) => total(minutes)),
  };
}
