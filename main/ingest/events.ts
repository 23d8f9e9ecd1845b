import type { NewEvent, PlantEvent } from '../contract/data.ts';
import { AppError } from '../contract/errors.ts';
import type { Plant } from '../store/plant.ts';
import { readChunks } from './reading/bytes.ts';
import { machineTypeOf } from './shape/naming.ts';
import { Intake } from './storing/intake.ts';
import { prepareFile, tableKind } from './storing/prepare.ts';

/** What an event table holds: its events, and the rows that can't be used, each with its line and the code of the reason. */
export interface EventTable {
  events: NewEvent[];
  aside: { line: number; reason: string }[];
}

/** Reads an event table: time, machine, what happened, perhaps end, known, comment. Throws file-unreadable, file-not-understood. */
export const readEvents = async (plant: Plant, path: string, site: string, now: number): Promise<EventTable> => {
  const prepared = await prepareFile(plant, path, { site, asset: null, profile: 'auto', mapping: null, now });
  if (prepared.findings.some(({ code }) => code === 'no-readings')) throw new AppError('file-not-understood', `${path} holds no events: a header and rows with a time, a machine and a kind, mode, failure or error were expected`, { path });
  if (!prepared.hasData) return { events: [], aside: [] };
  if (prepared.mapping.layout !== 'events') throw new AppError('file-not-understood', `${path} is no table of events: a time, a machine and a kind, mode, failure or error were expected, the columns are ${prepared.mapping.columns.map((column) => column.name).join(', ')}`, { path });
  const intake = new Intake(prepared.mapping, { position: prepared.start, line: 0, state: prepared.state, defaultAsset: prepared.asset, nameAsset: prepared.nameAsset });
  intake.rows.eventKind = tableKind(prepared) ?? 'error';
  const events: NewEvent[] = [];
  const aside: EventTable['aside'] = [];
  const gather = (final: boolean): void => {
    let isFull = true;
    while (isFull) {
      isFull = intake.work(final);
      events.push(...intake.rows.events);
      aside.push(...intake.aside.map(({ line, reason }) => ({ line, reason })));
      intake.clear();
    }
  };
  for await (const chunk of readChunks(path, prepared.start)) {
    intake.feed(chunk);
    gather(false);
  }
  gather(true);
  return { events, aside };
};

/** Stores events under the assets that they name; an asset that the plant hasn't is made. @param from a file must not bring back what people removed or changed */
export const addEvents = (plant: Plant, events: readonly NewEvent[], from: 'people' | 'file'): PlantEvent[] =>
  plant.transaction(() =>
    (from === 'file' ? plant.events.addFromFile : plant.events.add)(
      events.map(({ asset, ...event }) => {
        const known = plant.assets.byName(asset) ?? plant.assets.ensure({ path: asset.split('/'), machineType: machineTypeOf(asset, null), axis: 'time' });
        return { ...event, asset: known.id };
      }),
    ),
  );
