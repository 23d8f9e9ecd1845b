import { resolve } from 'node:path';
import { Command } from 'commander';
import type { EngineClient } from '../channel/client.ts';
import type { CommonOptions } from './options.ts';
import { defaultPlantFolder, openSession } from './session.ts';

/** What the body of a command is handed: the contract's calls, and whether it prints JSON. */
export interface CommandContext {
  readonly client: EngineClient;
  readonly json: boolean;
  readonly folder: string;
  /** The process whose engine answers, where the plant was open already. */
  readonly holder: number | null;
}

export const plantFolderOf = (options: CommonOptions): string => (options.plant === undefined ? defaultPlantFolder() : resolve(options.plant));

/** A command with the options that all have. They belong to the command they stand behind: else `events` would take those of `events list`. */
export const command = (name: string, description: string): Command =>
  new Command(name).description(description).enablePositionalOptions().option('--json', 'print one JSON document').option('--plant <dir>', "the plant's folder; made when missing");

/** Opens the plant, runs the body, closes the plant whatever happens. */
export const withPlant = async (options: CommonOptions, body: (context: CommandContext) => Promise<void>, background = false): Promise<void> => {
  const folder = plantFolderOf(options);
  const session = await openSession(folder, background);
  try {
    await body({ client: session.client, json: options.json === true, folder, holder: session.holder });
  } finally {
    await session.close();
  }
};
