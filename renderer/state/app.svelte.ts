import { createContext } from 'svelte';
import type { Job } from '../../main/contract/jobs.ts';
import type { Source } from '../../main/contract/data.ts';
import type { Run } from '../../main/contract/training.ts';
import { AppError } from '../../main/contract/errors.ts';
import type { Bridge } from '../engine/bridge.ts';
import type { Client } from '../engine/client.ts';
import { Connection } from '../engine/connection.ts';
import type { Arguments, Key } from '../messages/translate.ts';
import { jobTitle } from '../format/job.ts';
import type { Show } from '../format/show.ts';
import { Alarms } from './alarms.svelte.ts';
import { WallClock } from './clock.svelte.ts';
import { Importing } from './importing.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { LinkState } from './link.svelte.ts';
import { Location } from './location.svelte.ts';
import { Machines } from './machines.svelte.ts';
import { Mending } from './mending.svelte.ts';
import { Modes } from './modes.svelte.ts';
import { Notices } from './notices.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Processes } from './processes.svelte.ts';
import { Profiles } from './profiles.svelte.ts';
import { Storage } from './storage.svelte.ts';
import { KeyedQuery, Query, type Ask } from './stream/query.svelte.ts';
import type { Id } from './stream/reduce.ts';
import { Resource, type Open } from './stream/resource.svelte.ts';

/** All that the screens know: one of each, made once when the window opens. */
export class App {
  readonly bridge: Bridge;
  readonly connection: Connection;
  readonly link: LinkState;
  readonly location = new Location();
  readonly clock = new WallClock();
  readonly notices = new Notices();
  readonly preferences: Preferences;
  readonly machines: Machines;
  readonly alarms: Alarms;
  readonly jobs: Jobs;
  readonly importing: Importing;
  readonly profiles: Profiles;
  readonly runs: Resource<Run>;
  readonly sources: Resource<Source>;
  readonly modes: Modes;
  readonly storage: Storage;
  readonly mending: Mending;
  readonly processes: Processes;

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    this.connection = new Connection(bridge);
    this.preferences = new Preferences(this.connection);
    this.machines = new Machines(this.connection);
    this.alarms = new Alarms(this.connection);
    this.jobs = new Jobs(this.connection, (job) => this.#jobEnded(job));
    this.importing = new Importing(this.connection);
    this.profiles = new Profiles(this.connection);
    this.runs = new Resource<Run>(this.connection, (client, signal) => client.training.runs({}, { signal }), (run) => run.id);
    this.sources = new Resource<Source>(this.connection, (client, signal) => client.data.sources({}, { signal }), (source) => source.id);
    this.modes = new Modes(this.connection);
    this.mending = new Mending(this.connection);
    this.storage = new Storage(this.connection, () => this.preferences.forget());
    this.processes = new Processes(this.connection, (process) => this.notices.warn(this.t(`process.${process.name}Restarted`, { reason: process.lastEnd ?? '' })));
    this.link = new LinkState(
      this.connection,
      () => this.notices.warn(this.t('process.engineBack')),
      () => {
        void this.preferences.settings.refresh();
        void this.modes.list.refresh();
      },
    );
    void this.connection.run();
  }

  get show(): Show {
    return this.preferences.show;
  }

  readonly t = (key: Key, args?: Arguments): string => this.preferences.t(key, args);

  /** An event's mode in the window's language. */
  readonly modeWords = (mode: string): string => this.modes.words(this.preferences.language, mode);

  query<T>(ask: Ask<T>): Query<T> {
    return new Query(this.connection, ask);
  }

  /** A resource for as long as a part of the screen lives; the part closes it. */
  resource<T>(open: Open<T>, idOf: (item: T) => Id): Resource<T> {
    return new Resource(this.connection, open, idOf);
  }

  keyed<T>(): KeyedQuery<T> {
    return new KeyedQuery<T>(this.connection);
  }

  #jobEnded(job: Job): void {
    const title = jobTitle(this.t, job, this.runs.byId.get(job.subject));
    if (job.error !== null && job.state === 'failed') this.notices.failed(AppError.fromDocument(job.error));
    else if (job.state === 'cut') this.notices.warn(this.t('jobs.cut', { title }));
    else if (job.state === 'done') this.notices.done(this.t('jobs.done', { title }));
  }

  /** One command; what goes wrong is told in a notice, and the answer is then undefined. */
  async command<T>(call: (client: Client, signal: AbortSignal) => Promise<T>, done?: string): Promise<T | undefined> {
    try {
      const answer = await this.connection.ask(call);
      if (done !== undefined) this.notices.done(done);
      return answer;
    } catch (thrown) {
      this.notices.failed(thrown);
      return undefined;
    }
  }
}

export const [useApp, provideApp] = createContext<App>();
