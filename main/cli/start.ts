import { Command, CommanderError } from 'commander';
import { AppError } from '../contract/errors.ts';
import { dataCommands } from './data.ts';
import { eventsCommand } from './events.ts';
import { exportCommand } from './export.ts';
import { feasibilityCommand } from './feasibility.ts';
import { alarmsCommand, predictCommand } from './forecasts.ts';
import { qualityCommand } from './quality.ts';
import { benchmarkCommand, systemCommands } from './system.ts';
import { modelsCommand, scheduleCommand, trainingCommands } from './training.ts';

/** commander's own ends (--help, --version) are no errors; every other of its errors is wrong use. */
const WRONG_USE = 2;

const program = new Command('millwright').description('predictive maintenance on the plant PC').showSuggestionAfterError(true).enablePositionalOptions();
for (const made of [
  ...systemCommands(),
  ...dataCommands(),
  qualityCommand(),
  exportCommand(),
  eventsCommand(),
  feasibilityCommand(),
  ...trainingCommands(),
  predictCommand(),
  alarmsCommand(),
  scheduleCommand(),
  modelsCommand(),
  benchmarkCommand(),
])
  program.addCommand(made);

const exitOverrides = (made: Command): void => {
  made.exitOverride();
  // One clear line on standard error; the usage stands under --help.
  made.configureOutput({ outputError: (text, write) => write(`millwright: ${text.replace(/^error: /, '').split('\n')[0] ?? text}\n`) });
  for (const child of made.commands) exitOverrides(child);
};
exitOverrides(program);

/** A reader that closes the pipe early (head, less) is no error of ours. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : WRONG_USE;
  } else {
    const error = AppError.of(thrown);
    process.stderr.write(`millwright: ${error.message.replaceAll('\n', ' ')}\n`);
    process.exitCode = error.traits.exitCode;
  }
}
