import { os } from './context.ts';
import type { Parts } from './parts.ts';

export const qualityCalls = ({ quality, cleaning }: Parts) => ({
  history: os.quality.history.handler(({ input, signal }) => quality.history(input, signal)),
  thresholds: os.quality.thresholds.handler(({ input }) => quality.thresholds(input.sensor)),
  changeThresholds: os.quality.changeThresholds.handler(({ input }) => quality.changeThresholds(input.sensor, input.chosen)),
  cleaning: os.quality.cleaning.handler(({ input }) => cleaning.of(input.asset)),
  changeCleaning: os.quality.changeCleaning.handler(({ input }) => cleaning.change(input.asset, input.recipe)),
  previewCleaning: os.quality.previewCleaning.handler(({ input, signal }) => cleaning.preview(input, signal)),
});
