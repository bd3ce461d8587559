/** The style sheet of the error pages. It is trimmed and stands in the page exactly as here: its hash is in the page's policy. */
export const errorPageStyle = `
:root { color-scheme: light dark; --text: #1c2024; --dim: #60646c; --line: #e0e3e8; --page: #fbfcfd; --card: #fff;
  --accent: #3453c9; --soft: #eef1fb; --good: #1d7a4c; --good-soft: #e9f6ef; --warn: #9a5b00; --warn-soft: #fdf3e2; --bad: #b42318; --bad-soft: #fdeceb; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e8eb; --dim: #9ba1a9; --line: #2c3036; --page: #131518; --card: #1a1d21;
  --accent: #9db2ff; --soft: #222a44; --good: #6fd6a2; --good-soft: #17301f; --warn: #f0b45a; --warn-soft: #352812; --bad: #ff9a90; --bad-soft: #3a1d1a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; }
main, header { max-width: 54rem; margin: 0 auto; padding: 0 1.25rem; }
header { display: flex; gap: 1rem; align-items: baseline; padding-top: 1.25rem; font-size: .95rem; }
header .name { font-weight: 650; } header .language { margin-left: auto; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 1.45rem; line-height: 1.35; margin: 1.75rem 0 .35rem; overflow-wrap: anywhere; letter-spacing: -.01em; }
h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .06em; color: var(--dim); margin: 0 0 .4rem; font-weight: 600; }
p { margin: 0; } .dim { color: var(--dim); }
code { font: .88em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--soft); padding: .1em .35em; border-radius: .3em; overflow-wrap: anywhere; }
.id { font: .85rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--dim); }
.chips { display: flex; flex-wrap: wrap; gap: .4rem; margin: .9rem 0 1.4rem; padding: 0; list-style: none; }
.chip { font-size: .82rem; line-height: 1.4; padding: .2rem .6rem; border-radius: 1rem; border: 1px solid var(--line); background: var(--card); }
.chip.never { color: var(--bad); background: var(--bad-soft); border-color: transparent; }
.chip.backoff { color: var(--good); background: var(--good-soft); border-color: transparent; }
.chip.after { color: var(--warn); background: var(--warn-soft); border-color: transparent; }
section.card { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1.1rem 1.25rem; margin: 0 0 1rem; }
section.card .fix { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
section.card .fix h2 { color: var(--good); }
.when { font-weight: 600; margin-bottom: .8rem; }
.facts { margin: 1.75rem 0; display: grid; gap: 1.1rem; }
.facts ul { margin: 0; padding-left: 1.1rem; } .facts li { overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.1rem 0 1.4rem; }
input, select, button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .45rem .7rem; }
input { flex: 1 1 22rem; min-width: 0; } button { background: var(--accent); border-color: var(--accent); color: var(--page); font-weight: 600; cursor: pointer; }
input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.group { margin: 1.6rem 0 .5rem; display: flex; gap: .5rem; align-items: baseline; }
.list { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .7rem; background: var(--card); overflow: hidden; }
.list li + li { border-top: 1px solid var(--line); }
.list a { display: grid; grid-template-columns: 3.2rem 1fr; gap: .1rem .6rem; padding: .6rem 1rem; color: inherit; }
.list a:hover { background: var(--soft); text-decoration: none; }
.list .status { grid-row: span 2; color: var(--dim); font-variant-numeric: tabular-nums; } .list .message { overflow-wrap: anywhere; }
footer { max-width: 54rem; margin: 2.5rem auto 0; padding: 1rem 1.25rem 2.5rem; color: var(--dim); font-size: .85rem; }
@media (max-width: 30rem) { main, header, footer { padding-left: .9rem; padding-right: .9rem; } h1 { font-size: 1.2rem; } }
`.trim();
