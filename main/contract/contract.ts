import { alarms } from './alarms.ts';
import { data } from './data.ts';
import { jobs } from './jobs.ts';
import { labels } from './labels.ts';
import { plant } from './plant.ts';
import { quality } from './quality.ts';
import { storage } from './storage.ts';
import { system } from './system.ts';
import { training } from './training.ts';

/** Every call between a face (window, command line, HTTP) and the engine. Nothing else crosses. */
export const contract = { system, plant, data, quality, labels, training, alarms, storage, jobs };
export type EngineContract = typeof contract;
