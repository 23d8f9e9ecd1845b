import { hrefOf, routeOf, type Route } from './route.ts';

/** A wheel zooms thirty times a second, and a browser takes 200 changes of the address in 30 s: the newest is written this often. */
const WRITE_MS = 150;

/** Where the window is: the address' hash, and nothing beside it. */
export class Location {
  #route = $state.raw<Route>(routeOf(window.location.hash));
  /** The write of a route that was changed in place. */
  #writing: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    window.addEventListener('hashchange', () => {
      // Whoever went elsewhere meanwhile is there: what was not written yet belongs to the place before.
      this.#drop();
      this.#route = routeOf(window.location.hash);
    });
  }

  get route(): Route {
    return this.#route;
  }

  /** Goes to a route; the way back stays open. */
  go(route: Route): void {
    this.#write();
    window.location.hash = hrefOf(route);
  }

  /** Changes the route in place, for filters and zoom while they are being moved. */
  replace(route: Route): void {
    this.#route = route;
    this.#writing ??= setTimeout(() => this.#write(), WRITE_MS);
  }

  #drop(): void {
    if (this.#writing !== null) clearTimeout(this.#writing);
    this.#writing = null;
  }

  #write(): void {
    if (this.#writing === null) return;
    this.#drop();
    window.history.replaceState(null, '', hrefOf(this.#route));
  }
}
