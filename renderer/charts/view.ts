/** A part of an axis, in the axis' own unit. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** Moved by a share of its own width, kept inside of `whole`. */
export const panned = (view: View, share: number, whole: View): View => {
  const width = view.to - view.from;
  const from = Math.min(Math.max(view.from + width * share, whole.from), Math.max(whole.from, whole.to - width));
  return { from, to: from + width };
};

/** Made narrower (factor below 1) or wider about a place in it (0 its start, 1 its end), kept inside of `whole`. */
export const zoomed = (view: View, factor: number, about: number, whole: View, narrowest: number): View => {
  const width = Math.min(Math.max((view.to - view.from) * factor, narrowest), whole.to - whole.from);
  const centre = view.from + (view.to - view.from) * about;
  const from = Math.min(Math.max(centre - width * about, whole.from), Math.max(whole.from, whole.to - width));
  return { from, to: from + width };
};
