import { hrefOf, routeOf, type Route } from './route.ts';

/** Where the window is: the address' hash, and nothing beside it. */
export class Location {
  #route = $state.raw<Route>(routeOf(window.location.hash));

  constructor() {
    window.addEventListener('hashchange', () => {
      this.#route = routeOf(window.location.hash);
    });
  }

  get route(): Route {
    return this.#route;
  }

  /** Goes to a route; the way back stays open. */
  go(route: Route): void {
    window.location.hash = hrefOf(route);
  }

  /** Changes the route in place, for filters and zoom while they are being moved. */
  replace(route: Route): void {
    window.history.replaceState(null, '', hrefOf(route));
    this.#route = route;
  }
}
