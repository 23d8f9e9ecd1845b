import { Asset, type AssetLevel } from '../../contract/plant.ts';
import type { AssetId, Axis } from '../../contract/values.ts';
import { AppError } from '../../contract/errors.ts';
import type { Connection } from '../connection.ts';
import { command, query } from '../statement.ts';

export interface AssetToEnsure {
  /** Names from the top down, the machine's own last: 1 to 4 of them. */
  readonly path: readonly string[];
  readonly machineType: string;
  readonly axis: Axis;
}

/** The asset tree (ISA-95): site, area, line, machine. */
export interface AssetRepository {
  /** Every asset, parents before children. */
  list(): Asset[];
  /** The machines alone, in order of name. */
  machines(): Asset[];
  get(id: AssetId): Asset | undefined;
  /**
   * The machine at a path, made with what is missing above it when there is none. An existing machine keeps its type.
   * @throws AppError('input-invalid') for an empty or too long path, 'mapping-invalid' when the machine has another axis or the name is taken by a site, area or line
   */
  ensure(asset: AssetToEnsure): Asset;
  /**
   * By full path 'site/line/machine', or by a machine's own name where only one has it.
   * @throws AppError('input-invalid') when several machines have the name; the message lists their paths
   */
  byName(name: string): Asset | undefined;
  /** Names from the top down to the asset's own; empty when there is no such asset. */
  pathOf(id: AssetId): string[];
}

const LEVELS: readonly AssetLevel[] = ['site', 'area', 'line'];
const COLUMNS = 'id, parent, level, name, machine_type AS machineType, axis';

const assertPath = (path: readonly string[]): void => {
  if (path.length > 0 && path.length <= LEVELS.length + 1 && path.every((part) => part !== '' && !part.includes('/'))) return;
  throw new AppError('input-invalid', `an asset's path has 1 to ${LEVELS.length + 1} names without '/', received ${JSON.stringify(path)}`, { path: path.join('|') });
};

const assertMachine = (machine: Asset, path: readonly string[], axis: Axis): void => {
  const name = path.join('/');
  if (machine.level !== 'machine') throw new AppError('mapping-invalid', `'${name}' is a ${machine.level}, and a machine of that name was expected; name the machine otherwise`, { asset: name, level: machine.level });
  if (machine.axis !== axis) throw new AppError('mapping-invalid', `machine '${name}' is recorded by ${machine.axis}, these readings by ${axis}; import them as another machine`, { asset: name, axis: machine.axis });
};

/** @param connection the plant's database */
export const createAssets = (connection: Connection): AssetRepository => {
  const all = query(connection, Asset, `SELECT ${COLUMNS} FROM asset ORDER BY id`);
  const machines = query(connection, Asset, `SELECT ${COLUMNS} FROM asset WHERE level = 'machine' ORDER BY name, id`);
  const byId = query(connection, Asset, `SELECT ${COLUMNS} FROM asset WHERE id = ?`);
  const child = query(connection, Asset, `SELECT ${COLUMNS} FROM asset WHERE ifnull(parent, 0) = ? AND name = ?`);
  const machinesNamed = query(connection, Asset, `SELECT ${COLUMNS} FROM asset WHERE name = ? AND level = 'machine'`);
  const insert = command(connection, 'INSERT INTO asset (parent, level, name, machine_type, axis) VALUES (?, ?, ?, ?, ?)');

  const get = (id: AssetId): Asset | undefined => byId.one(id);

  const pathOf = (id: AssetId): string[] => {
    const names: string[] = [];
    for (let asset = get(id); asset !== undefined; asset = asset.parent === null ? undefined : get(asset.parent)) names.unshift(asset.name);
    return names;
  };

  const find = (path: readonly string[]): Asset | undefined => {
    let asset: Asset | undefined;
    for (const name of path) {
      const next = child.one(asset?.id ?? 0, name);
      if (next === undefined) return undefined;
      asset = next;
    }
    return asset;
  };

  const add = (parent: Asset | undefined, level: AssetLevel, name: string, machineType: string, axis: Axis): Asset => {
    const { id } = insert(parent?.id ?? null, level, name, machineType, axis);
    return Asset.parse({ id, parent: parent?.id ?? null, level, name, machineType, axis });
  };

  return {
    list: () => all.all(),
    machines: () => machines.all(),
    get,
    pathOf,
    ensure: ({ path, machineType, axis }) => {
      assertPath(path);
      let parent: Asset | undefined;
      for (const [depth, part] of path.slice(0, -1).entries()) {
        parent = child.one(parent?.id ?? 0, part) ?? add(parent, LEVELS[depth] ?? 'line', part, '', 'time');
      }
      const name = path.at(-1) ?? '';
      const machine = child.one(parent?.id ?? 0, name) ?? add(parent, 'machine', name, machineType, axis);
      assertMachine(machine, path, axis);
      return machine;
    },
    byName: (name) => {
      const found = find(name.split('/'));
      if (found !== undefined) return found;
      const named = machinesNamed.all(name);
      if (named.length > 1) {
        const paths = named.map((asset) => pathOf(asset.id).join('/')).join(', ');
        throw new AppError('input-invalid', `${named.length} machines are named '${name}': give one of ${paths}`, { asset: name });
      }
      return named[0];
    },
  };
};
