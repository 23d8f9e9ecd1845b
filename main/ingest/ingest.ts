import type { FollowRequest, ImportReport, ImportRequest, Inspection, NewEvent, PlantEvent, Source } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { SourceAccess } from '../contract/sources.ts';
import type { AssetId, SourceId } from '../contract/values.ts';
import { addEvents, type EventTable, readEvents } from './events.ts';
import { createFollower } from './following/follow.ts';
import { withMembers } from './reading/bytes.ts';
import { importFiles, type ImportHooks, type ImportParts } from './storing/import.ts';
import { askedOf, inspectFile, zoneOf } from './storing/prepare.ts';

/** Everything that brings readings and events into a plant. */
export interface Ingest {
  /** Looks at files and stores nothing. Throws file-unreadable, file-not-understood. */
  inspect(request: ImportRequest): Promise<Inspection[]>;
  /** Imports files. Throws 'cancelled' when the signal says so; what was committed stays, and importing again goes on from there. */
  importFiles(request: ImportRequest, hooks: ImportHooks): Promise<ImportReport>;
  /** Follows files and folders, anew or from where they were left. */
  follow(request: FollowRequest): Source[];
  followReport(paths: readonly string[]): ImportReport;
  unfollow(source: SourceId): Source;
  /** Stops it and takes it off the list; what it brought stays. @throws AppError('not-found') */
  removeSource(source: SourceId): void;
  /** What a sender needs to push to a source. Throws not-found, input-invalid for files and folders. */
  sourceAccess(source: SourceId): SourceAccess;
  renewToken(source: SourceId): SourceAccess;
  sources(): Source[];
  onSource(listener: (source: Source) => void): void;
  /** Rows of these assets were committed by following. */
  onRows(listener: (assets: AssetId[]) => void): void;
  tick(): Promise<void>;
  start(): void;
  stop(): void;
  /** Once what was received is kept and no round is under way any more. */
  ended(): Promise<void>;
  readEvents(file: string, site: string | null): Promise<EventTable>;
  /** @param from a file must not bring back what people removed or changed */
  addEvents(events: readonly NewEvent[], from: 'people' | 'file'): PlantEvent[];
}

/** `parts`: the plant that readings go to, the clock, the log. */
export const createIngest = (parts: ImportParts): Ingest => {
  const { plant, clock } = parts;
  const follower = createFollower(parts);
  let ending = Promise.resolve();
  const zone = (): string => plant.settings.get().zone;
  return {
    inspect: async (request) => {
      const looks: Inspection[] = [];
      for (const file of await withMembers(request.files)) looks.push(await inspectFile(plant, file, askedOf(request, zoneOf(plant, file), clock.now())));
      return looks;
    },
    importFiles: (request, hooks) => importFiles(parts, request, hooks),
    follow: follower.follow,
    followReport: follower.report,
    unfollow: follower.unfollow,
    removeSource: follower.remove,
    sourceAccess: follower.access,
    renewToken: follower.renewToken,
    sources: follower.sources,
    onSource: follower.onSource,
    onRows: follower.onRows,
    tick: follower.tick,
    start: follower.start,
    stop: () => {
      ending = follower.stop();
      ending.catch((thrown: unknown) => parts.log.error('following did not end as it should', { reason: AppError.of(thrown).message }));
    },
    ended: () => ending,
    readEvents: (file, site) => readEvents(plant, file, site ?? zone(), clock.now()),
    addEvents: (events, from) => addEvents(plant, events, from),
  };
};
