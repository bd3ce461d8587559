/** What a request is about, in a few of its own words, for answers and titles. */
export function topicOf(text: string, chinese: boolean): string {
  const firstLine = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const sentence = firstLine.split(/(?<=[.!?])\s+|(?<=[。！？])/)[0] ?? '';
  const trimmed = sentence.trim().replace(/[\s.!?。！？:：]+$/, '');
  const asked = chinese ? trimmed.replace(chineseLead, '') : trimmed.replace(englishLead, '');
  return shorten(asked === '' ? trimmed : asked, chinese ? 30 : 80);
}

const englishLead =
  /^(?:(?:please|could you|can you|would you|will you|kindly)\s+)*(?:tell me about|tell me|explain(?: to me)?|describe|what(?:'s| is| are| does| do)|who(?:'s| is| was)|how (?:do i|does|do|to|can i)|why (?:is|are|do|does)|write (?:me )?(?:a|an|the)?|give me|summari[sz]e|define)\s+/i;
const chineseLead =
  /^(?:请|麻烦|帮我|你能|能不能|可以)*(?:告诉我|解释一下|解释|介绍一下|介绍|说明|描述|写一篇|写一首|写一个|总结一下|总结)?/;

/** At most `max` characters, ending at a word where there is one. */
export function shorten(text: string, max: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= max) return flat;
  const cut = flat.slice(0, max - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > max / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** A title of a few words, as agents ask for when they name a conversation. */
export function titleOf(text: string, chinese: boolean): string {
  const topic = shorten(topicOf(text, chinese).replace(/[`"'“”]/g, ''), chinese ? 16 : 48).replace(/…$/, '');
  return topic === '' ? (chinese ? '新对话' : 'New conversation') : topic.charAt(0).toUpperCase() + topic.slice(1);
}
