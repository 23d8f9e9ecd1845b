/**
 * A set-up step that could not be done: what failed, and what the reader can do about it. Anything
 * else that is thrown is a mistake in the set-up itself and keeps its stack.
 */
export class SetupProblem extends Error {
  /**
   * @param {string} message what failed, where
   * @param {string} remedy what to do
   */
  constructor(message, remedy) {
    super(message);
    this.name = 'SetupProblem';
    this.remedy = remedy;
  }
}

/**
 * @param {unknown} error
 * @returns {string} for a person: a problem with its remedy, a mistake with its stack
 */
export function described(error) {
  if (error instanceof SetupProblem) return `${error.message}\nWhat to do: ${error.remedy}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
