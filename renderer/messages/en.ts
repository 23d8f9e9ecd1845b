import * as alerts from './en/alerts.ts';
import * as behind from './en/behind.ts';
import * as data from './en/data.ts';
import * as errors from './en/errors.ts';
import * as exporting from './en/exporting.ts';
import * as feasibility from './en/feasibility.ts';
import * as following from './en/following.ts';
import * as honesty from './en/honesty.ts';
import * as imports from './en/imports.ts';
import * as quarantine from './en/quarantine.ts';
import * as events from './en/events.ts';
import * as machine from './en/machine.ts';
import * as plant from './en/plant.ts';
import * as quality from './en/quality.ts';
import * as settings from './en/settings.ts';
import * as shell from './en/shell.ts';
import * as storage from './en/storage.ts';
import * as training from './en/training.ts';

/** All messages in English: area, name, text (ICU). What stands here must stand in zh.ts, else it doesn't compile. */
export const en = { ...shell, ...plant, ...machine, ...alerts, ...training, ...feasibility, ...honesty, ...behind, ...data, ...imports, ...following, ...quarantine, ...exporting, ...quality, ...events, ...settings, ...storage, ...errors };
