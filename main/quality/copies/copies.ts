import type { Sensor } from '../../contract/plant.ts';
import type { SensorId } from '../../contract/values.ts';
import type { Plant } from '../../store/plant.ts';
import type { SeriesInfo } from '../../store/series/series.ts';
import type { CopyOf } from '../findings.ts';
import { isAlike, signaturesOf, type Signature } from './signature.ts';
import { relationOf, type Relation } from './verify.ts';

/** Copies told of one sensor: more of them add nothing. */
const MOST_TOLD = 3;
/** Signatures as near as this are compared reading by reading: what rounding moves them. */
const NEAR = 0.02;
/** Below so many readings nothing is said. */
const LEAST_READINGS = 200;
/** What is known of a sensor holds until it has so many times the readings. */
const LOOK_AGAIN = 1.1;

interface Known {
  readonly info: SeriesInfo;
  readonly signatures: readonly Signature[];
}

/**
 * Sensors whose readings are those of another, exact or scaled, within a machine and across machines. Some readings of each are laid side by
 * side; only those that come at the same times and look alike are compared further, so that a plant of thousands is done in seconds.
 */
export class CopyFinder {
  readonly #plant: Pick<Plant, 'assets' | 'sensors' | 'series'>;
  readonly #known = new Map<SensorId, Known>();
  /** By the ids of the pair; holds while what was compared does. */
  readonly #pairs = new Map<string, { readonly a: Known; readonly b: Known; readonly relation: Relation | null }>();

  constructor(plant: Pick<Plant, 'assets' | 'sensors' | 'series'>) {
    this.#plant = plant;
  }

  /** @param turn hands the event loop its turn now and then */
  async find(turn: () => Promise<void>): Promise<Map<SensorId, CopyOf[]>> {
    const sensors = this.#plant.sensors.list().filter(({ kind }) => kind === 'number');
    const groups = new Map<string, { sensor: Sensor; signature: Signature }[]>();
    for (const sensor of sensors) {
      for (const signature of this.#look(sensor.id).signatures) {
        const group = groups.get(signature.key);
        if (group === undefined) groups.set(signature.key, [{ sensor, signature }]);
        else group.push({ sensor, signature });
      }
      await turn();
    }
    const found = new Map<SensorId, CopyOf[]>();
    for (const group of groups.values()) {
      group.sort((a, b) => a.signature.place - b.signature.place || a.sensor.id - b.sensor.id);
      for (const [i, one] of group.entries()) {
        for (let k = i + 1; k < group.length; k += 1) {
          const other = group[k];
          if (other === undefined || other.signature.place - one.signature.place > NEAR) break;
          if (!isAlike(one.signature.values, other.signature.values)) continue;
          this.#tell(found, one.sensor, other.sensor);
          await turn();
        }
      }
    }
    return found;
  }

  #look(sensor: SensorId): Known {
    const info = this.#plant.series.info(sensor);
    const known = this.#known.get(sensor);
    if (known !== undefined && known.info.first === info.first && info.points >= known.info.points && info.points <= known.info.points * LOOK_AGAIN) return known;
    const fresh = { info, signatures: info.points < LEAST_READINGS ? [] : signaturesOf(this.#plant.series, sensor, info) };
    this.#known.set(sensor, fresh);
    return fresh;
  }

  #tell(found: Map<SensorId, CopyOf[]>, one: Sensor, other: Sensor): void {
    const [a, b] = one.id < other.id ? [one, other] : [other, one];
    const relation = this.#relation(a.id, b.id);
    if (relation === null) return;
    this.#add(found, b.id, a, relation.scale, relation.isExact);
    this.#add(found, a.id, b, 1 / relation.scale, relation.isExact);
  }

  #relation(first: SensorId, second: SensorId): Relation | null {
    const [a, b] = [this.#look(first), this.#look(second)];
    const known = this.#pairs.get(`${first} ${second}`);
    if (known !== undefined && known.a === a && known.b === b) return known.relation;
    const relation = relationOf(this.#plant.series, a.info, b.info);
    this.#pairs.set(`${first} ${second}`, { a, b, relation });
    return relation;
  }

  #add(found: Map<SensorId, CopyOf[]>, sensor: SensorId, other: Sensor, scale: number, isExact: boolean): void {
    const copies = found.get(sensor) ?? [];
    if (copies.length >= MOST_TOLD || copies.some((copy) => copy.other === other.id)) return;
    copies.push({ other: other.id, otherName: `${this.#plant.assets.get(other.asset)?.name ?? '?'} / ${other.name}`, scale, isExact });
    found.set(sensor, copies);
  }
}
