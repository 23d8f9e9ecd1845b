import type { Locator, Page } from '@playwright/test';

export type ScreenName = 'Plant' | 'Alerts' | 'Training' | 'Data' | 'Settings';

/** The frame around the screens: navigation, banner, status bar. */
export class Shell {
  readonly page: Page;
  constructor(page: Page) {
    this.page = page;
  }

  async go(screen: ScreenName): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: screen }).click();
    await this.page.getByRole('heading', { level: 1, name: screen }).waitFor();
  }

  /** The strip that says that the engine is gone. */
  get banner(): Locator {
    return this.page.getByRole('alert');
  }
}
