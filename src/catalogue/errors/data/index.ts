import type { ErrorRecord } from '../record.ts';
import { accountErrors } from './account.ts';
import { applicationErrors } from './application.ts';
import { arrearageErrors, connectionErrors } from './arrearage.ts';
import { asyncTaskErrors } from './async-task.ts';
import { authErrors } from './auth.ts';
import { batchErrors } from './batch.ts';
import { chatMoreErrors } from './chat-more.ts';
import { chatErrors } from './chat.ts';
import { clientToolErrors } from './client-tool.ts';
import { embeddingsErrors } from './embeddings.ts';
import { filesMoreErrors } from './files-more.ts';
import { gatewayAdminErrors } from './gateway-admin.ts';
import { gatewayUpstreamErrors } from './gateway-upstream.ts';
import { gatewayErrors } from './gateway.ts';
import { imageMoreErrors } from './image-more.ts';
import { imageErrors } from './image.ts';
import { modelErrors } from './model.ts';
import { moderationMoreErrors } from './moderation-more.ts';
import { moderationErrors } from './moderation.ts';
import { musicMoreErrors } from './music-more.ts';
import { musicErrors } from './music.ts';
import { omniErrors } from './omni.ts';
import { personFilesErrors } from './person-files.ts';
import { planErrors } from './plan.ts';
import { rateLimitErrors } from './rate-limit.ts';
import { requestMoreErrors } from './request-more.ts';
import { requestErrors } from './request.ts';
import { sdkErrors } from './sdk.ts';
import { serverErrors } from './server.ts';
import { speechRecognitionErrors } from './speech-recognition.ts';
import { speechSynthesisErrors } from './speech-synthesis.ts';
import { speechErrors } from './speech.ts';
import { structuredOutputErrors } from './structured-output.ts';
import { thinkingErrors } from './thinking.ts';
import { toolsErrors } from './tools.ts';
import { translationErrors } from './translation.ts';
import { videoErrors } from './video.ts';
import { visionErrors } from './vision.ts';
import { voiceCloningErrors } from './voice-cloning.ts';

/** Every record of the catalogue. */
export const errorRecords: readonly ErrorRecord[] = [
  ...accountErrors,
  ...applicationErrors,
  ...arrearageErrors,
  ...connectionErrors,
  ...asyncTaskErrors,
  ...authErrors,
  ...batchErrors,
  ...chatMoreErrors,
  ...chatErrors,
  ...clientToolErrors,
  ...embeddingsErrors,
  ...filesMoreErrors,
  ...gatewayErrors,
  ...gatewayAdminErrors,
  ...gatewayUpstreamErrors,
  ...imageMoreErrors,
  ...imageErrors,
  ...modelErrors,
  ...moderationMoreErrors,
  ...moderationErrors,
  ...musicMoreErrors,
  ...musicErrors,
  ...omniErrors,
  ...personFilesErrors,
  ...planErrors,
  ...rateLimitErrors,
  ...requestMoreErrors,
  ...requestErrors,
  ...sdkErrors,
  ...serverErrors,
  ...speechRecognitionErrors,
  ...speechSynthesisErrors,
  ...speechErrors,
  ...structuredOutputErrors,
  ...thinkingErrors,
  ...toolsErrors,
  ...translationErrors,
  ...videoErrors,
  ...visionErrors,
  ...voiceCloningErrors,
];
