import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FollowRequest, ImportReport, Source } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { SourceAccess } from '../../contract/sources.ts';
import type { AssetId, Micros, SourceId } from '../../contract/values.ts';
import { accessOf, addressOf } from '../listening/address.ts';
import { Inbox } from '../listening/inbox.ts';
import type { ImportParts } from '../storing/import.ts';
import { CommitGroup } from './group.ts';
import { createPoll } from './poll.ts';
import { reportOf } from './reports.ts';
import { Silence } from './silence.ts';
import type { Standing } from './reasons.ts';
import { FollowedSource } from './source.ts';
import { PlaceSupply, type Supply } from './supply.ts';

/** A source whose look takes longer is left to itself, and the others go on: a share that hangs must not stop them. Milliseconds. */
const longestLook = 5000;

/** Follows files, folders and addresses: looks at them each second while started, and reads on from the stored positions. */
export interface Follower {
  follow(request: FollowRequest): Source[];
  unfollow(id: SourceId): Source;
  /** Stops it and takes it off the list. @throws AppError('not-found') */
  remove(id: SourceId): void;
  access(id: SourceId): SourceAccess;
  renewToken(id: SourceId): SourceAccess;
  /** As stored, with what only the running follower knows. */
  sources(): Source[];
  /** What has come in from these paths since they were followed here. */
  report(paths: readonly string[]): ImportReport;
  onSource(listener: (source: Source) => void): void;
  onRows(listener: (assets: AssetId[]) => void): void;
  /** One round over all sources; a call during a round waits for that round. */
  tick(): Promise<void>;
  /** Looks each second from now on, and receives over the network. */
  start(): void;
  /** Ends once what was received is kept and no round is under way. */
  stop(): Promise<void>;
}

/** One source at work. */
interface Active {
  source: FollowedSource;
  silence: Silence;
  silentSince: Micros | null;
  /** As it was told last: also where the store can't take it. */
  standing: Standing;
  last: Source;
  busy: Promise<void> | null;
  /** Its steps when it was looked at last. */
  steps: number;
  /** Where it receives over a network. */
  inbox: Inbox | null;
  /** When whoever followed it before has ended. */
  after: Promise<unknown>;
}

const kindOf = (path: string): Source['kind'] => {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    // Absent so far (a share that isn't mounted, a log not begun): by its name, it is a file if it has an extension.
    return /\.[A-Za-z0-9]{1,5}$/.test(path) ? 'file' : 'folder';
  }
};

/** `parts`: the plant that readings go to, the clock, the log. */
export const createFollower = (parts: ImportParts): Follower => {
  const followed = new Rounds(parts);
  const { plant } = parts;
  const poll = createPoll(() => followed.tick(), (thrown) => parts.log.error('following failed', { reason: AppError.of(thrown).message }));
  const mustBe = (id: SourceId): Source => {
    const source = plant.sources.get(id);
    if (!source) throw new AppError('not-found', `there is no source ${id}`, { source: id });
    return source;
  };
  return {
    follow: ({ paths, ...asked }) =>
      paths.map((path) => {
        const address = addressOf(path);
        return followed.begin(plant.sources.upsert(address ? { path: address.text, kind: address.kind, ...asked } : { path: resolve(path), kind: kindOf(path), ...asked }));
      }),
    unfollow: (id) => {
      const source = plant.sources.setState(id, 'stopped');
      followed.end(id);
      return source;
    },
    remove: (id) => {
      plant.sources.remove(id);
      followed.end(id);
    },
    access: (id) => accessOf(mustBe(id), plant.sources.token(id)),
    renewToken: (id) => accessOf(mustBe(id), plant.sources.renewToken(id)),
    sources: () => plant.sources.list().map((source) => followed.asSeen(source)),
    report: (paths) => {
      const wanted = new Set(paths.map((path) => addressOf(path)?.text ?? resolve(path)));
      return reportOf(plant, followed.reports((path) => wanted.size === 0 || wanted.has(path)), followed.seconds);
    },
    onSource: (listener) => {
      followed.sourceListeners.push(listener);
    },
    onRows: (listener) => {
      followed.rowListeners.push(listener);
    },
    tick: () => followed.tick(),
    start: () => {
      followed.start();
      poll.start();
    },
    stop: async () => {
      poll.stop();
      await followed.stop();
    },
  };
};

/** The sources that are followed, round by round. */
class Rounds {
  readonly sourceListeners: ((source: Source) => void)[] = [];
  readonly rowListeners: ((assets: AssetId[]) => void)[] = [];
  private readonly parts: ImportParts;
  private readonly active = new Map<SourceId, Active>();
  private readonly since = performance.now();
  private readonly group: CommitGroup;
  private isLoaded = false;
  private isStarted = false;
  private round: Promise<void> | null = null;

  constructor(parts: ImportParts) {
    this.parts = parts;
    this.group = new CommitGroup(parts.plant, parts.clock);
  }

  start(): void {
    this.isStarted = true;
    this.load();
    for (const { inbox } of this.active.values()) inbox?.start();
  }

  async stop(): Promise<void> {
    this.isStarted = false;
    await Promise.all([...this.active.values()].map(({ inbox }) => inbox?.stop()));
    await this.round;
  }

  get seconds(): number {
    return (performance.now() - this.since) / 1000;
  }

  begin(source: Source): Source {
    this.load();
    this.open(source);
    this.tell(source.id);
    return source;
  }

  end(id: SourceId): void {
    const each = this.active.get(id);
    this.active.delete(id);
    each?.inbox?.stop().catch((thrown: unknown) => this.parts.log.error("a source could not be ended as it should", { path: each.source.path, reason: AppError.of(thrown).message }));
    this.tell(id);
  }

  reports(isWanted: (path: string) => boolean): FollowedSource['reports'][] {
    return [...this.active.values()].filter(({ source }) => isWanted(source.path)).map(({ source }) => source.reports);
  }

  asSeen(source: Source): Source {
    const each = this.active.get(source.id);
    return each ? { ...source, ...each.standing, silentSince: each.silentSince, connections: each.inbox?.connections ?? null } : source;
  }

  async tick(): Promise<void> {
    this.round ??= this.all().finally(() => {
      this.round = null;
    });
    await this.round;
  }

  /** What was followed when the engine ended goes on. */
  private load(): void {
    if (this.isLoaded) return;
    this.isLoaded = true;
    for (const source of this.parts.plant.sources.list()) if (source.state !== 'stopped') this.open(source);
  }

  private open(source: Source): void {
    const before = this.active.get(source.id);
    const after = Promise.all([before?.busy, before?.inbox?.stop()]);
    const inbox = source.kind === 'file' || source.kind === 'folder' ? null : new Inbox(this.parts, source, after);
    const supply: Supply = inbox ?? new PlaceSupply(this.parts.plant, this.parts.clock, source);
    const made = new FollowedSource(this.parts, source, supply, (assets) => {
      for (const listener of this.rowListeners) listener(assets);
    });
    if (this.isStarted) inbox?.start();
    this.active.set(source.id, { source: made, silence: new Silence(source.options.silentAfterSeconds, source.lastRowAt), silentSince: null, standing: standingOf(source), last: source, busy: null, steps: 0, inbox, after });
  }

  private async all(): Promise<void> {
    this.load();
    const entries = [...this.active];
    const asked = entries.map(async ([, each]) => {
      each.busy ??= each.after.then(() => each.source.poll(this.group)).finally(() => {
        each.busy = null;
      });
      await each.busy;
    });
    const patience = new AbortController();
    await Promise.race([Promise.all(asked), delay(longestLook, undefined, { signal: patience.signal }).catch(() => undefined)]);
    patience.abort();
    this.group.flush();
    for (const [id, each] of entries) if (this.active.get(id) === each) await this.settle(id, each);
  }

  private async settle(id: SourceId, each: Active): Promise<void> {
    const now = this.parts.clock.now();
    const { hasNews, state, reason, message } = each.busy ? this.interim(each) : await each.source.settle();
    if (hasNews) each.silence.arrived(now);
    const silentSince = each.silence.since(now);
    const standing = { state, reason, message };
    const isSame = isDeepStrictEqual(standing, each.standing);
    if (isSame && !hasNews && silentSince === each.silentSince) return;
    each.silentSince = silentSince;
    each.standing = standing;
    if (!isSame) this.write(id, each.source.path, standing);
    this.tell(id);
  }

  /** A look that is still under way: it gets on, or it hangs. */
  private interim(each: Active): Standing & { hasNews: boolean } {
    const { steps, path } = each.source;
    if (steps === each.steps) return { state: 'unreachable', reason: { code: 'no-answer', details: { path } }, message: `${path} doesn't answer; it is waited for`, hasNews: false };
    each.steps = steps;
    return each.source.interim();
  }

  private write(id: SourceId, path: string, { state, reason, message }: Standing): void {
    try {
      this.parts.plant.sources.setState(id, state, reason, message);
    } catch (thrown) {
      // The very trouble may be that nothing can be written: it is told all the same.
      this.parts.log.warn("a source's state can't be stored", { path, reason: AppError.of(thrown).message });
    }
    if (message !== null) this.parts.log.warn("a source can't be read as it should", { path, state, reason: message });
  }

  private tell(id: SourceId): void {
    const each = this.active.get(id);
    const source = this.stored(id) ?? each?.last;
    if (!source) return;
    if (each) each.last = source;
    for (const listener of this.sourceListeners) listener(this.asSeen(source));
  }

  private stored(id: SourceId): Source | undefined {
    try {
      return this.parts.plant.sources.get(id);
    } catch (thrown) {
      // A plant that can't be read is told by the storage's own state; the source is told as it was known.
      this.parts.log.warn("a source can't be looked up", { source: id, reason: AppError.of(thrown).message });
      return undefined;
    }
  }
}

const standingOf = ({ state, reason, message }: Source): Standing => ({ state, reason, message });
