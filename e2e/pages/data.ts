import type { Locator, Page } from '@playwright/test';
import type { OpenWindow } from '../fixtures/app.ts';
import { answerOpen } from '../fixtures/dialogs.ts';

/** The Data screen of a plant of one's own: import, sources, profiles, quarantine. */
export class DataScreen {
  readonly window: OpenWindow;
  readonly page: Page;
  constructor(window: OpenWindow) {
    this.window = window;
    this.page = window.page;
  }

  /** From the first start of an empty plant to the import. */
  async begin(): Promise<void> {
    await this.page.getByRole('button', { name: 'Choose my logs' }).click();
    await this.page.getByRole('button', { name: 'Choose files' }).waitFor();
  }

  async tab(name: 'Sources' | 'Import' | 'Profiles' | 'Quarantine'): Promise<void> {
    await this.window.shell.go('Data');
    await this.page.getByRole('tab', { name }).click();
  }

  /** Chooses files or folders and waits until they were looked at. */
  async choose(paths: readonly string[]): Promise<void> {
    await answerOpen(this.window.app, paths);
    await this.page.getByRole('button', { name: 'Choose files' }).click();
    await this.page.getByRole('heading', { name: /How it is read|can’t be read/ }).waitFor({ timeout: 60_000 });
  }

  get preview(): Locator {
    return this.page.getByRole('table', { name: 'First rows as they will be stored' });
  }

  async import(files: string): Promise<void> {
    await this.page.getByRole('button', { name: `Import ${files}` }).click();
    await this.page.getByRole('button', { name: 'Import more' }).waitFor({ timeout: 60_000 });
  }

  /** Opens what can be followed and chooses one of it. */
  async follow(what: RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'Follow', exact: true }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
  }

  /** A source's row, by a part of its path or address. */
  source(text: string): Locator {
    return this.page.getByRole('table', { name: 'Sources' }).getByRole('row').filter({ hasText: text });
  }
}
