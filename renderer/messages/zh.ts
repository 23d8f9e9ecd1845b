import type { en } from './en.ts';
import * as alerts from './zh/alerts.ts';
import * as behind from './zh/behind.ts';
import * as data from './zh/data.ts';
import * as errors from './zh/errors.ts';
import * as exporting from './zh/exporting.ts';
import * as feasibility from './zh/feasibility.ts';
import * as following from './zh/following.ts';
import * as honesty from './zh/honesty.ts';
import * as imports from './zh/imports.ts';
import * as quarantine from './zh/quarantine.ts';
import * as events from './zh/events.ts';
import * as machine from './zh/machine.ts';
import * as plant from './zh/plant.ts';
import * as quality from './zh/quality.ts';
import * as settings from './zh/settings.ts';
import * as shell from './zh/shell.ts';
import * as storage from './zh/storage.ts';
import * as training from './zh/training.ts';

/** All messages in Chinese. */
export const zh: typeof en = { ...shell, ...plant, ...machine, ...alerts, ...training, ...feasibility, ...honesty, ...behind, ...data, ...imports, ...following, ...quarantine, ...exporting, ...quality, ...events, ...settings, ...storage, ...errors };
