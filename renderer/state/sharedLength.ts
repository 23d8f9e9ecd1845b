/** How many names all paths begin with alike; of one path alone, all but its last. */
export const sharedLength = (paths: readonly (readonly string[])[]): number => {
  const [first, ...others] = paths;
  if (first === undefined) return 0;
  const differs = first.findIndex((name, index) => others.some((path) => path[index] !== name));
  const same = differs === -1 ? first.length : differs;
  // A path that is the whole of what is shared would have no name left.
  return Math.max(0, Math.min(same, ...paths.map((path) => path.length - 1)));
};
