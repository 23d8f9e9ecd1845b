import type { EngineClient } from '../channel/client.ts';
import type { ResourceMessage } from '../contract/resource.ts';

/** How something stands, by name: what it is told as, and the sentence. Null: nothing is to be said of it. */
interface Standing {
  readonly name: string;
  readonly code: string;
  readonly message: string | null;
}

/** Calls `tell` when something gets worse, and when it is over; once each, however often its numbers change in between. */
export const standingTeller = (tell: (line: string) => void): ((standing: Standing) => void) => {
  const told = new Map<string, string>();
  return ({ name, code, message }) => {
    const before = told.get(name);
    if (message === null) {
      told.delete(name);
      if (before !== undefined) tell(`${name}: all is well again`);
      return;
    }
    told.set(name, code);
    if (before !== code) tell(message);
  };
};

const itemsOf = <T>(message: ResourceMessage<T>): T[] => (message.kind === 'snapshot' ? message.items : message.kind === 'upsert' ? [message.item] : []);

/** Until `signal`: tells on standard error what keeps these sources, or the plant's disk, and when that is over. */
export const tellStandings = async (client: EngineClient, paths: ReadonlySet<string>, signal: AbortSignal): Promise<void> => {
  const tell = standingTeller((line) => process.stderr.write(`${line}\n`));
  const sources = async (): Promise<void> => {
    for await (const message of await client.data.sources({}, { signal }))
      for (const { path, state, reason, message: sentence } of itemsOf(message)) if (paths.has(path)) tell({ name: path, code: `${state} ${reason?.code ?? ''}`, message: sentence });
  };
  const storage = async (): Promise<void> => {
    for await (const message of await client.storage.watch({}, { signal })) for (const { state, message: sentence } of itemsOf(message)) tell({ name: "the plant's disk", code: state, message: sentence });
  };
  try {
    await Promise.all([sources(), storage()]);
  } catch (thrown) {
    // Ended by us: whatever ends the stream else is told.
    if (!signal.aborted) throw thrown;
  }
};
