import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const labelCalls = ({ labels, afterRows }: Parts) => ({
  check: os.labels.check.handler(({ input, signal }) => labels.check(input.asset, signal)),
  modes: os.labels.modes.handler(() => labels.modes()),
  changeModes: os.labels.changeModes.handler(({ input }) => labels.changeModes(input.modes)),
  changeEvent: os.labels.changeEvent.handler(async ({ input: { event, ...change }, context }) => {
    const changed = labels.changeEvent(event, change, context.actor);
    await afterRows([changed.asset]);
    return changed;
  }),
  removeEvent: os.labels.removeEvent.handler(async ({ input, context }) => {
    const removed = labels.removeEvent(input.event, input.reason, context.actor);
    await afterRows([removed.asset]);
    return removed;
  }),
});
