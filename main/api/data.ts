import { setImmediate as nextTurn } from 'node:timers/promises';
import { ImportReport, type ImportRequest } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { Asset } from '../contract/plant.ts';
import type { JobId } from '../contract/values.ts';
import { listFiles } from '../ingest/listing.ts';
import { os } from './context.ts';
import type { Parts } from './parts.ts';

const sensorOf = (plant: Parts['plant'], name: string, asset: string | null) => {
  const assets = new Map<number, Asset>(plant.assets.list().map((entry) => [entry.id, entry]));
  const wanted = asset === null ? null : plant.assets.byName(asset);
  if (wanted === undefined) throw new AppError('not-found', `there is no asset named '${asset ?? ''}'; 'quality' lists assets and sensors`, { asset });
  const found = plant.sensors.list().filter((sensor) => sensor.name === name && (wanted === null || sensor.asset === wanted.id));
  const [sensor] = found;
  if (sensor === undefined) throw new AppError('not-found', `there is no sensor named '${name}'${asset === null ? '' : ` on ${asset}`}; 'quality' lists assets and sensors`, { sensor: name, asset });
  const owner = assets.get(sensor.asset);
  if (found.length > 1) throw new AppError('input-invalid', `${found.length} machines have a sensor named '${name}'; say which with --asset`, { sensor: name, machines: found.length });
  if (owner === undefined) throw new AppError('internal', `sensor ${sensor.id} belongs to no asset`);
  return { sensor, owner };
};

/** Begins an import as a job. */
export const startImport = ({ jobs, ingest, afterRows }: Parts, request: ImportRequest): JobId =>
  jobs.start({ kind: 'import', subject: request.files.join(', '), unit: 'bytes', request }, async ({ signal, progress }) => {
    const touched = new Set<Asset['id']>();
    const report = await ingest.importFiles(request, {
      signal,
      progress,
      committed: (assets) => {
        for (const asset of assets) touched.add(asset);
      },
    });
    progress('assessing', 0, null);
    await afterRows([...touched], signal);
    return report;
  });

const sourceCalls = ({ ingest, topics }: Parts) => ({
  files: os.data.files.handler(({ input }) => listFiles(input.paths)),
  sources: os.data.sources.handler(({ signal }) => topics.sources.stream(signal)),
  follow: os.data.follow.handler(({ input }) => ingest.follow(input)),
  followReport: os.data.followReport.handler(({ input }) => ingest.followReport(input.paths)),
  unfollow: os.data.unfollow.handler(({ input }) => ingest.unfollow(input.source)),
  removeSource: os.data.removeSource.handler(({ input }) => {
    ingest.removeSource(input.source);
    topics.sources.remove(input.source);
    return input;
  }),
  sourceAccess: os.data.sourceAccess.handler(({ input }) => ingest.sourceAccess(input.source)),
  renewToken: os.data.renewToken.handler(({ input }) => ingest.renewToken(input.source)),
});

const storedCalls = (parts: Parts) => {
  const { plant, jobs, ingest, quality, afterRows } = parts;
  return {
    inspect: os.data.inspect.handler(({ input }) => ingest.inspect(input)),
    import: os.data.import.handler(({ input }) => ({ job: startImport(parts, input) })),
    importReport: os.data.importReport.handler(({ input }) => {
      const report = ImportReport.safeParse(jobs.result(input.job));
      if (!report.success) throw new AppError('not-found', `job ${input.job} was no import`, { job: input.job });
      return report.data;
    }),
    profiles: os.data.profiles.handler(() => plant.profiles.list()),
    saveProfile: os.data.saveProfile.handler(({ input }) => plant.profiles.save(input.name, input.mapping)),
    removeProfile: os.data.removeProfile.handler(({ input }) => {
      if (!plant.profiles.remove(input.name)) throw new AppError('not-found', `there is no profile named '${input.name}'`, { profile: input.name });
      return { name: input.name };
    }),
    quality: os.data.quality.handler(({ input, signal }) => quality.ofSensors(input.asset, signal)),
    quarantine: os.data.quarantine.handler(({ input }) => plant.quarantine.page(input.limit, input)),
    quarantineCounts: os.data.quarantineCounts.handler(() => plant.quarantine.counts()),
    events: os.data.events.handler(({ input }) => plant.events.list(input.asset === null ? {} : { asset: input.asset })),
    addEvents: os.data.addEvents.handler(async ({ input }) => {
      for (const { asset } of input.events)
        if (plant.assets.byName(asset) === undefined) throw new AppError('not-found', `there is no machine named '${asset}' in this plant; 'quality' lists them, importing readings makes them`, { asset });
      const added = ingest.addEvents(input.events, 'people');
      await afterRows(added.map((event) => event.asset));
      return added;
    }),
    importEvents: os.data.importEvents.handler(async ({ input }) => {
      const { events, aside } = await ingest.readEvents(input.file, input.site);
      const added = ingest.addEvents(events, 'file');
      await afterRows(added.map((event) => event.asset));
      return { events: added, aside };
    }),
    points: os.data.points.handler(({ input }) => {
      const { sensor, owner } = sensorOf(plant, input.sensor, input.asset);
      const info = plant.series.info(sensor.id);
      const from = input.after ?? input.from ?? info.first ?? 0;
      const { positions, values } = plant.series.readPage({ sensor: sensor.id, from, after: input.after !== null, to: input.to ?? info.last ?? 0, limit: input.limit });
      const points: [number, number][] = [];
      for (let row = 0; row < positions.length; row += 1) points.push([positions[row] ?? Number.NaN, values[row] ?? Number.NaN]);
      const last = points.at(-1);
      return { asset: owner.name, sensor: sensor.name, unit: sensor.unit, axis: owner.axis, points, next: points.length < input.limit || last === undefined ? null : last[0] };
    }),
    check: os.data.check.handler(async ({ signal }) => {
      const problems: string[] = [];
      for (const _ of plant.checkSteps(problems)) {
        await nextTurn();
        if (signal?.aborted === true) throw new AppError('cancelled', 'the check was given up');
      }
      return { ok: problems.length === 0, problems };
    }),
    backup: os.data.backup.handler(({ input }) => ({ job: jobs.start({ kind: 'backup', subject: input.file, unit: 'steps', request: input }, (context) => parts.backup(input.file, context)) })),
  };
};

export const dataCalls = (parts: Parts) => ({ ...sourceCalls(parts), ...storedCalls(parts) });
