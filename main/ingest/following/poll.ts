const pollEvery = 1000;

/** Calls `round` each second, one after the other, while started. */
export const createPoll = (round: () => Promise<void>, onTrouble: (thrown: unknown) => void): { start(): void; stop(): void } => {
  let timer: NodeJS.Timeout | null = null;
  const schedule = (): void => {
    timer = setTimeout(() => {
      round()
        .catch(onTrouble)
        .finally(() => {
          if (timer) schedule();
        });
    }, pollEvery);
  };
  return {
    start: () => {
      if (!timer) schedule();
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
};
