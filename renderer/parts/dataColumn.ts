/** A column of a data table. */
export interface DataColumn<Name extends string> {
  readonly name: Name;
  readonly label: string;
  /** What the heading means, where its words don't say it. */
  readonly hint?: string;
  readonly isNumber?: boolean;
  /** Its heading is for screen readers alone. */
  readonly isHidden?: boolean;
  /** Its cells stay on one line. */
  readonly isShort?: boolean;
  /** It takes the room that is left. */
  readonly isWide?: boolean;
}
