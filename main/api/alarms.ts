import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const alarmCalls = ({ alarms, topics, afterRows }: Parts) => ({
  watch: os.alarms.watch.handler(({ signal }) => topics.alarms.stream(signal)),
  list: os.alarms.list.handler(() => alarms.list()),
  history: os.alarms.history.handler(({ input }) => alarms.history(input)),
  transitions: os.alarms.transitions.handler(({ input }) => alarms.transitions(input.alarm)),
  acknowledge: os.alarms.acknowledge.handler(({ input }) => alarms.acknowledge(input.alarm, input.comment)),
  shelve: os.alarms.shelve.handler(({ input }) => alarms.shelve(input.alarm, input.until, input.reason)),
  feedback: os.alarms.feedback.handler(async ({ input }) => {
    const events = alarms.feedback(input);
    await afterRows(events.map((event) => event.asset));
    return events;
  }),
  unshelve: os.alarms.unshelve.handler(({ input }) => alarms.unshelve(input.alarm)),
});
