/** Every k-th of a list so that at most `most` are left, its last one always. */
export const thinned = <T>(items: readonly T[], most: number): readonly T[] => {
  const step = Math.ceil(items.length / most);
  return step <= 1 ? items : items.filter((_, index) => (items.length - 1 - index) % step === 0);
};
