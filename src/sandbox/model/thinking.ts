import { estimateTokens } from '../../catalogue/estimate.ts';
import type { CurrentRequest } from './request-text.ts';
import { shorten } from './topic.ts';
import type { PlannedCall } from './tool-plan.ts';

/** What the model thinks before it answers, at least so many tokens long. The caller cuts it to the budget. */
export function thoughtsAbout(request: CurrentRequest, planned: readonly PlannedCall[], atLeastTokens: number): string {
  const sentences = request.chinese ? chineseThoughts(request, planned) : englishThoughts(request, planned);
  const filler = request.chinese
    ? '再核对一遍，结论没有变化。'
    : ' Let me check that once more; the conclusion stays the same.';
  const base = sentences.join(request.chinese ? '' : ' ');
  const missing = Math.max(0, atLeastTokens - estimateTokens(base));
  return base + filler.repeat(Math.ceil(missing / Math.max(1, estimateTokens(filler))));
}

function englishThoughts(request: CurrentRequest, planned: readonly PlannedCall[]): string[] {
  const asked = `The user asks: "${shorten(request.text, 120)}".`;
  if (planned.length > 0) {
    return [
      asked,
      `I need ${planned.map(({ name }) => name).join(' and ')} for that.`,
      `The arguments are ${planned.map((call) => shorten(call.argumentsJson, 120)).join(' and ')}.`,
    ];
  }
  if (request.done.length > 0)
    return [asked, 'The tools have returned what I need.', 'I will put their results into the answer.'];
  return [asked, 'I should answer directly and keep it short.', 'Nothing else is needed for that.'];
}

function chineseThoughts(request: CurrentRequest, planned: readonly PlannedCall[]): string[] {
  const asked = `用户的问题是：“${shorten(request.text, 60)}”。`;
  if (planned.length > 0) {
    return [
      asked,
      `为此需要调用${planned.map(({ name }) => name).join('和')}。`,
      `参数是${planned.map((call) => shorten(call.argumentsJson, 120)).join('和')}。`,
    ];
  }
  if (request.done.length > 0) return [asked, '工具已经返回了所需的结果。', '我把结果写进回答里。'];
  return [asked, '可以直接回答，保持简短。', '不需要其他信息。'];
}
