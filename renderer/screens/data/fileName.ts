/** The last part of a path, of either kind of system; of an address all of it. */
export const fileName = (path: string): string => (path.includes('://') ? path : (path.split(/[\\/]/).findLast((part) => part !== '') ?? path));
