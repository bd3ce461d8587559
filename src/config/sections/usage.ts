import { integer } from '../kinds.ts';
import { section, setting } from '../setting.ts';

/** Records of what was used. */
export const usageSchema = section('The records of what was used, by which key, with which model.', {
  retentionDays: setting(integer(1, 36_500).default(90), {
    description: 'How long the record of each single request is kept. The sums by hour and day are kept for ever.',
    env: 'ATELIER_USAGE_RETENTION_DAYS',
    unit: 'days',
  }),
});
