/** The part of an axis that charts show. Spans and positions in the axis' own unit: microseconds, or cycles. */
export type Range =
  | { readonly kind: 'usual' }
  | { readonly kind: 'all' }
  | { readonly kind: 'last'; readonly span: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number };

export const ALERT_TABS = ['open', 'shelved', 'history'] as const;
export const PRIORITY_FILTERS = ['', 'high', 'medium', 'low'] as const;
export const TRAINING_TABS = ['feasibility', 'runs', 'compare', 'models', 'schedules'] as const;
export const DATA_TABS = ['sources', 'import', 'profiles', 'quality', 'cleaning', 'labels', 'quarantine'] as const;
export const SETTINGS_TABS = ['general', 'storage', 'modes', 'parts'] as const;
/** A column of the quality table; with '-' before it the highest first. */
export const QUALITY_ORDERS = ['score', '-score', 'asset', '-asset', 'sensor', '-sensor', 'count', '-count'] as const;
export const PLANT_ORDERS = ['worst', 'name', 'soonest', 'newest'] as const;
export const HEALTH_FILTERS = ['', 'critical', 'warning', 'watch', 'normal', 'unknown'] as const;

export type PlantRoute = {
  readonly screen: 'plant';
  readonly search: string;
  readonly state: (typeof HEALTH_FILTERS)[number];
  readonly area: string;
  readonly type: string;
  readonly order: (typeof PLANT_ORDERS)[number];
};
export type MachineRoute = { readonly screen: 'machine'; readonly asset: number; readonly range: Range; readonly sensors: readonly number[]; readonly event: number | null };
export type AlertsRoute = { readonly screen: 'alerts'; readonly tab: (typeof ALERT_TABS)[number]; readonly alarm: number | null; readonly search: string; readonly priority: (typeof PRIORITY_FILTERS)[number] };
export type TrainingRoute = {
  readonly screen: 'training';
  readonly tab: (typeof TRAINING_TABS)[number];
  readonly run: string;
  /** The machine type, and the task, whose feasibility is looked at. */
  readonly type: string;
  readonly task: string;
  /** The two runs of a comparison. */
  readonly left: string;
  readonly right: string;
};
export type DataRoute = {
  readonly screen: 'data';
  readonly tab: (typeof DATA_TABS)[number];
  readonly asset: number | null;
  /** Rejected rows of this file, and for this reason; a profile's name. */
  readonly file: string;
  readonly reason: string;
  readonly profile: string;
  /** The sensor whose quality, or whose cleaning, is looked at. */
  readonly sensor: number | null;
  readonly range: Range;
  readonly order: (typeof QUALITY_ORDERS)[number];
};
export type SettingsRoute = { readonly screen: 'settings'; readonly tab: (typeof SETTINGS_TABS)[number] };

/** What the window shows: all of it, so that a copied address shows the same. */
export type Route = PlantRoute | MachineRoute | AlertsRoute | TrainingRoute | DataRoute | SettingsRoute;
export type Screen = Route['screen'];

export const USUAL: Range = { kind: 'usual' };

export const plantRoute = (part: Partial<PlantRoute> = {}): PlantRoute => ({ search: '', state: '', area: '', type: '', order: 'worst', ...part, screen: 'plant' });
export const machineRoute = (asset: number, part: Partial<MachineRoute> = {}): MachineRoute => ({ range: USUAL, sensors: [], event: null, ...part, asset, screen: 'machine' });
export const alertsRoute = (part: Partial<AlertsRoute> = {}): AlertsRoute => ({ tab: 'open', alarm: null, search: '', priority: '', ...part, screen: 'alerts' });
export const trainingRoute = (part: Partial<TrainingRoute> = {}): TrainingRoute => ({ tab: 'runs', run: '', type: '', task: '', left: '', right: '', ...part, screen: 'training' });
export const dataRoute = (part: Partial<DataRoute> = {}): DataRoute => ({ tab: 'sources', asset: null, file: '', reason: '', profile: '', sensor: null, range: USUAL, order: 'score', ...part, screen: 'data' });
export const settingsRoute = (tab: SettingsRoute['tab'] = 'general'): SettingsRoute => ({ screen: 'settings', tab });

const oneOf = <T extends string>(allowed: readonly T[], text: string | null, usual: T): T => allowed.find((one) => one === text) ?? usual;
const whole = (text: string | null): number | null => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null);
const place = (text: string | null): number | null => (text !== null && /^-?\d{1,16}(\.\d{1,6})?$/.test(text) ? Number(text) : null);

const rangeOf = (query: URLSearchParams): Range => {
  if (query.get('last') === 'all') return { kind: 'all' };
  const span = place(query.get('last'));
  if (span !== null && span > 0) return { kind: 'last', span };
  const from = place(query.get('from'));
  const to = place(query.get('to'));
  return from !== null && to !== null && from < to ? { kind: 'between', from, to } : USUAL;
};

const words = (query: URLSearchParams, name: string): string => query.get(name) ?? '';

/** The route that a location's hash names; what can't be read becomes the usual, never an error. */
export const routeOf = (hash: string): Route => {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?');
  const [screen = '', part = null] = path.split('/');
  const query = new URLSearchParams(search);
  switch (screen) {
    case 'machine': {
      const asset = whole(part);
      if (asset === null) return plantRoute();
      const sensors = words(query, 'sensors').split('.').map(whole).filter((id) => id !== null);
      return machineRoute(asset, { range: rangeOf(query), sensors, event: whole(query.get('event')) });
    }
    case 'alerts':
      return alertsRoute({ tab: oneOf(ALERT_TABS, part, 'open'), alarm: whole(query.get('alarm')), search: words(query, 'search'), priority: oneOf(PRIORITY_FILTERS, query.get('priority'), '') });
    case 'training':
      return trainingRoute({ tab: oneOf(TRAINING_TABS, part, 'runs'), run: words(query, 'run'), type: words(query, 'type'), task: words(query, 'task'), left: words(query, 'left'), right: words(query, 'right') });
    case 'data':
      return dataRoute({ tab: oneOf(DATA_TABS, part, 'sources'), file: words(query, 'file'), reason: words(query, 'reason'), profile: words(query, 'profile'), asset: whole(query.get('asset')), sensor: whole(query.get('sensor')), range: rangeOf(query), order: oneOf(QUALITY_ORDERS, query.get('order'), 'score') });
    case 'settings':
      return settingsRoute(oneOf(SETTINGS_TABS, part, 'general'));
    default:
      return plantRoute({
        search: words(query, 'search'),
        state: oneOf(HEALTH_FILTERS, query.get('state'), ''),
        area: words(query, 'area'),
        type: words(query, 'type'),
        order: oneOf(PLANT_ORDERS, query.get('order'), 'worst'),
      });
  }
};

const rangeQuery = (range: Range): Record<string, string> => {
  if (range.kind === 'all') return { last: 'all' };
  if (range.kind === 'last') return { last: String(range.span) };
  return range.kind === 'between' ? { from: String(range.from), to: String(range.to) } : {};
};

const idQuery = (name: string, id: number | null): Record<string, string> => (id === null ? {} : { [name]: String(id) });

const hash = (path: string, query: Readonly<Record<string, string>>): string => {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${path}${given === '' ? '' : `?${given}`}`;
};

/** The hash of a route; what is usual is left out. */
export const hrefOf = (route: Route): string => {
  switch (route.screen) {
    case 'plant':
      return hash('plant', { search: route.search, state: route.state, area: route.area, type: route.type, order: route.order === 'worst' ? '' : route.order });
    case 'machine':
      return hash(`machine/${String(route.asset)}`, { ...rangeQuery(route.range), sensors: route.sensors.join('.'), ...idQuery('event', route.event) });
    case 'alerts':
      return hash(`alerts/${route.tab}`, { ...idQuery('alarm', route.alarm), search: route.search, priority: route.priority });
    case 'training':
      return hash(`training/${route.tab}`, { run: route.run, type: route.type, task: route.task, left: route.left, right: route.right });
    case 'data':
      return hash(`data/${route.tab}`, { file: route.file, reason: route.reason, profile: route.profile, ...idQuery('asset', route.asset), ...idQuery('sensor', route.sensor), ...rangeQuery(route.range), order: route.order === 'score' ? '' : route.order });
    case 'settings':
      return route.tab === 'general' ? '#/settings' : hash(`settings/${route.tab}`, {});
  }
};
