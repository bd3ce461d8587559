import { causesOf } from '../catalogue/errors/explanation.ts';
import type { CauseText, Language } from '../catalogue/errors/explanation.ts';
import { areas } from '../catalogue/errors/record.ts';
import type { ErrorRecord } from '../catalogue/errors/record.ts';
import { codesOf, sourcesOf } from '../catalogue/errors/view.ts';
import { areaText, originText, retryText } from '../catalogue/errors/words.ts';
import { errorPageStyle } from './error-page-style.ts';
import { Html, html, pageHeaders, prose } from './html.ts';

/** Who reads the page. */
interface Reader {
  language: Language;
  /** The language was asked for by `?lang=`: links keep it. */
  chosen: boolean;
}

interface Page {
  status: number;
  body: string;
  headers: Record<string, string>;
}

const labels = {
  en: {
    title: 'Errors',
    lead: 'What Model Studio, its plans, its SDKs and this gateway report, with cause and fix.',
    search: 'Message, code or status',
    all: 'All areas',
    find: 'Find',
    found: 'found',
    nothing: 'Nothing found. Try fewer words, or paste the whole error into: atelier explain',
    cause: 'Cause',
    fix: 'Fix',
    messages: 'Messages',
    codes: 'Codes',
    related: 'See also',
    sources: 'Source',
    reason: (who: string) => `Lies with: ${who}`,
    retry: (when: string) => `Retry: ${when}`,
    missing: 'There is no error with this id.',
    explain: 'Paste any error text into `atelier explain`, or send it to `POST /errors/explain`.',
  },
  zh: {
    title: '错误',
    lead: '百炼平台、套餐、SDK 以及本网关会返回的错误，附原因和解决方法。',
    search: '消息、错误码或状态码',
    all: '全部类别',
    find: '查找',
    found: '条',
    nothing: '没有找到。请减少关键词，或把完整错误粘贴到 atelier explain',
    cause: '原因',
    fix: '解决方法',
    messages: '消息',
    codes: '错误码',
    related: '相关错误',
    sources: '来源',
    reason: (who: string) => `问题出在：${who}`,
    retry: (when: string) => when,
    missing: '没有这个 ID 的错误。',
    explain: '可将任意错误文本粘贴到 `atelier explain`，或发送到 `POST /errors/explain`。',
  },
} as const;

/** All records that pass the filter, by area. */
export function listPage(records: readonly ErrorRecord[], options: Reader & { area: string; search: string }): Page {
  const { language, area, search, chosen } = options;
  const text = labels[language];
  const kept = chosen ? html`<input type="hidden" name="lang" value="${language}" />` : html``;
  const body = html`<h1>${text.title}</h1>
    <p class="dim">${text.lead}</p>
    <form action="/errors" method="get" role="search">
      <input type="search" name="search" value="${search}" placeholder="${text.search}" aria-label="${text.search}" />
      <select name="area" aria-label="${text.all}">
        <option value="">${text.all}</option>
        ${areas.map((name) => areaOption(name, area, language))}
      </select>
      ${kept}<button>${text.find}</button>
    </form>
    ${records.length === 0 ? html`<p>${text.nothing}</p>` : html`<p class="dim">${records.length} ${text.found}</p>`}
    ${areas.map((name) => group(name, records, options))}`;
  const query = new URLSearchParams({ ...(area && { area }), ...(search && { search }) });
  return page(200, body, { ...options, title: text.title, path: '/errors', query });
}

function areaOption(name: (typeof areas)[number], chosen: string, language: Language): Html {
  const mark = name === chosen ? new Html(' selected') : html``;
  return html`<option value="${name}" ${mark}>${areaText(name, language)}</option>`;
}

function group(area: (typeof areas)[number], records: readonly ErrorRecord[], reader: Reader): Html {
  const members = records.filter((record) => record.area === area);
  if (members.length === 0) return html``;
  const rows = members.map(
    (record) =>
      html`<li>
        <a href="${hrefOf(record.id, reader)}"
          ><span class="status">${record.status[0] ?? '–'}</span> <span class="message">${titleOf(record)}</span
          ><span class="id">${record.id}</span></a
        >
      </li> `,
  );
  return html`<div class="group">
      <h2>${areaText(area, reader.language)}</h2>
      <span class="dim">${members.length}</span>
    </div>
    <ul class="list">
      ${rows}
    </ul> `;
}

/** One record in full; a page that says so with 404 when there is none. */
export function recordPage(
  record: ErrorRecord | undefined,
  options: Reader & { id: string; byId: (id: string) => ErrorRecord | undefined },
): Page {
  const { language, id, byId } = options;
  const text = labels[language];
  const place = { ...options, path: `/errors/${encodeURIComponent(id)}`, query: new URLSearchParams() };
  if (!record)
    return page(
      404,
      html`<h1>${text.missing}</h1>
        <p class="id">${id}</p>`,
      { ...place, title: text.missing },
    );
  const causes = causesOf({ record, params: {} }, language);
  const related = (record.related ?? []).flatMap((other) => byId(other) ?? []);
  const body = html`<h1>${titleOf(record)}</h1>
    <p class="id">${record.id}</p>
    <ul class="chips">
      ${chips(record, language)}
    </ul>
    ${causes.map((cause) => causeCard(cause, language))}
    <div class="facts">
      ${fact(text.messages, record.patterns.length > 1 ? record.patterns.map((pattern) => html`<li>${pattern}</li>`) : [])}
      ${fact(
        text.codes,
        codesOf(record).map((code) => html`<li><code>${code}</code></li>`),
      )}
      ${fact(
        text.related,
        related.map((other) => html`<li><a href="${hrefOf(other.id, options)}">${titleOf(other)}</a></li>`),
      )}
      ${fact(
        text.sources,
        sourcesOf(record).map(
          ({ title, section, address }) =>
            html`<li>
              ${address === undefined ? html`${title}` : html`<a href="${address}" rel="noreferrer">${title}</a>`},
              <span class="dim">${section}</span>
            </li>`,
        ),
      )}
    </div>`;
  return page(200, body, { ...place, title: titleOf(record) });
}

function chips({ status, area, origin, retryable }: ErrorRecord, language: Language): Html[] {
  const text = labels[language];
  return [
    ...(status.length > 0 ? [html`<li class="chip">HTTP ${status.join(', ')}</li>`] : []),
    html`<li class="chip">${areaText(area, language)}</li>`,
    html`<li class="chip">${text.reason(originText(origin, language))}</li>`,
    html`<li class="chip ${retryable.kind}">${text.retry(retryText(retryable, language))}</li>`,
  ];
}

function causeCard({ when, cause, fix }: CauseText, language: Language): Html {
  const text = labels[language];
  return html`<section class="card">
    ${when === undefined ? html`` : html`<p class="when">${prose(when)}</p>`}
    <h2>${text.cause}</h2>
    <p>${prose(cause)}</p>
    <div class="fix">
      <h2>${text.fix}</h2>
      <p>${prose(fix)}</p>
    </div>
  </section> `;
}

function fact(name: string, items: readonly Html[]): Html {
  return items.length === 0
    ? html``
    : html`<div>
        <h2>${name}</h2>
        <ul>
          ${items}
        </ul>
      </div>`;
}

/** The message as the platform words it, or else the code. */
function titleOf(record: ErrorRecord): string {
  return record.patterns[0] ?? codesOf(record)[0] ?? record.id;
}

function hrefOf(id: string, { chosen, language }: Reader): string {
  return `/errors/${encodeURIComponent(id)}${chosen ? `?lang=${language}` : ''}`;
}

/** In one piece: the policy of the page knows it by its hash. */
const styleSheet = new Html(`<style>${errorPageStyle}</style>`);

interface Frame extends Reader {
  title: string;
  path: string;
  query: URLSearchParams;
}

function page(status: number, content: Html, { language, chosen, title, path, query }: Frame): Page {
  const other = language === 'zh' ? { code: 'en', name: 'English' } : { code: 'zh', name: '中文' };
  const home = chosen ? `/errors?lang=${language}` : '/errors';
  const translated = new URLSearchParams([...query, ['lang', other.code]]);
  const { text } = html`<!doctype html>
    <html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Atelier</title>
        ${styleSheet}
      </head>
      <body>
        <header>
          <span class="name">Atelier</span><a href="${home}">${labels[language].title}</a
          ><a class="language" href="${path}?${translated.toString()}" lang="${other.code}">${other.name}</a>
        </header>
        <main>${content}</main>
        <footer>${prose(labels[language].explain)}</footer>
      </body>
    </html> `;
  return { status, body: text, headers: pageHeaders(errorPageStyle) };
}
