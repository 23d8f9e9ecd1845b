import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FollowRequest, ImportReport, Source } from '../../contract/data.ts';
import { AppError } from '../../contract/errors.ts';
import type { SourceAccess } from '../../contract/sources.ts';
import type { AssetId, SourceId } from '../../contract/values.ts';
import { accessOf, addressOf } from '../listening/address.ts';
import type { ImportParts } from '../storing/import.ts';
import { FollowedSource } from './source.ts';

const pollEvery = 1000;

/** Follows files and folders: polls them each second while started, and reads on from the stored positions. */
export interface Follower {
  follow(request: FollowRequest): Source[];
  unfollow(id: SourceId): Source;
  access(id: SourceId): SourceAccess;
  renewToken(id: SourceId): SourceAccess;
  /** What has come in from these paths since they were followed here. */
  report(paths: readonly string[]): ImportReport;
  onSource(listener: (source: Source) => void): void;
  onRows(listener: (assets: AssetId[]) => void): void;
  /** One round over all sources; a call during a round waits for that round. */
  tick(): Promise<void>;
  start(): void;
  stop(): void;
}

const kindOf = (path: string): Source['kind'] => {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    // Absent so far (a share that isn't mounted, a log not begun): by its name, it is a file if it has an extension.
    return /\.[A-Za-z0-9]{1,5}$/.test(path) ? 'file' : 'folder';
  }
};

/** Calls `round` each second, one after the other, while started. */
const createPoll = (round: () => Promise<void>, onTrouble: (thrown: unknown) => void): Pick<Follower, 'start' | 'stop'> => {
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

/** `parts`: the plant that readings go to, the clock, the log. */
export const createFollower = (parts: ImportParts): Follower => {
  const { plant } = parts;
  const followed = new Map<SourceId, FollowedSource>();
  const sourceListeners: ((source: Source) => void)[] = [];
  const rowListeners: ((assets: AssetId[]) => void)[] = [];
  const since = performance.now();
  let round: Promise<void> | null = null;

  const tell = (id: SourceId): void => {
    const source = plant.sources.get(id);
    if (source) for (const listener of sourceListeners) listener(source);
  };
  const tellRows = (assets: AssetId[]): void => {
    for (const listener of rowListeners) listener(assets);
  };
  const open = (source: Source): FollowedSource => {
    const known = followed.get(source.id) ?? new FollowedSource(parts, source, tellRows, () => tell(source.id));
    followed.set(source.id, known);
    return known;
  };
  const pollAll = async (): Promise<void> => {
    for (const source of plant.sources.list()) if (source.state !== 'stopped') await open(source).poll();
  };
  const tick = async (): Promise<void> => {
    round ??= pollAll().finally(() => {
      round = null;
    });
    await round;
  };

  return {
    follow: ({ paths, ...asked }) =>
      paths.map((path) => {
        const address = addressOf(path);
        const source = plant.sources.upsert(address ? { path: address.text, kind: address.kind, ...asked } : { path: resolve(path), kind: kindOf(path), ...asked });
        followed.delete(source.id);
        tell(source.id);
        return source;
      }),
    unfollow: (id) => {
      const source = plant.sources.setState(id, 'stopped');
      followed.delete(id);
      tell(id);
      return source;
    },
    access: (id) => accessOf(mustBe(plant, id), plant.sources.token(id)),
    renewToken: (id) => accessOf(mustBe(plant, id), plant.sources.renewToken(id)),
    report: (paths) => {
      const wanted = new Set(paths.map((path) => addressOf(path)?.text ?? resolve(path)));
      const sources = plant.sources.list().filter((source) => wanted.size === 0 || wanted.has(source.path)).flatMap((source) => followed.get(source.id) ?? []);
      return reportOf(parts, sources, (performance.now() - since) / 1000);
    },
    onSource: (listener) => {
      sourceListeners.push(listener);
    },
    onRows: (listener) => {
      rowListeners.push(listener);
    },
    tick,
    ...createPoll(tick, (thrown) => parts.log.error('following failed', { reason: AppError.of(thrown).message })),
  };
};

const mustBe = (plant: ImportParts['plant'], id: SourceId): Source => {
  const source = plant.sources.get(id);
  if (!source) throw new AppError('not-found', `there is no source ${id}`, { source: id });
  return source;
};

const reportOf = ({ plant }: ImportParts, sources: readonly FollowedSource[], seconds: number): ImportReport => {
  const files = sources.flatMap((source) => [...source.reports.values()]);
  const assets = [...new Set(sources.flatMap((source) => [...source.assets]))].flatMap((id) => plant.assets.get(id) ?? []);
  const values = files.reduce((sum, file) => sum + file.valuesStored + file.duplicates + file.replaced, 0);
  return {
    files,
    assets: assets.map(({ name }) => name),
    sensors: assets.flatMap((asset) => plant.sensors.ofAsset(asset.id).map((sensor) => ({ asset: asset.name, name: sensor.name, unit: sensor.unit }))),
    events: sources.reduce((sum, source) => sum + source.events, 0),
    valuesPerSecond: seconds > 0 ? Math.round(values / seconds) : 0,
    peakMemoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
    seconds,
  };
};
