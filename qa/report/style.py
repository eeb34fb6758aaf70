"""The style of the report page: the colours of the window, dark or light as the reader's system says."""

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --panel: #f7f7f7; --line: #dcdcdc; --text: #1b1b1b;
  --text2: #4b4b4b; --text3: #5f5f5f; --accent: #0b62c4; --done: #067062; --two: #4f9d92; --one: #9cc7c0;
  --open: #d4d4d4; --warn: #8f5300; --bad: #b92d1c; --dispute: #a22c78; --band: #0b62c422; }
@media (prefers-color-scheme: dark) { :root { --ground: #1f1f1f; --panel: #262626; --line: #3b3b3b; --text: #ececec;
  --text2: #bababa; --text3: #a0a0a0; --accent: #4c9df0; --done: #35b89c; --two: #3f8f7d; --one: #3a6158;
  --open: #474747; --warn: #f0a53c; --bad: #ff7a6b; --dispute: #e283bd; --band: #4c9df033; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1320px; padding: 28px 32px 64px; background: var(--ground); color: var(--text);
  font: 13px/20px Inter, system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
h1 { font: 600 22px/30px inherit; font-family: inherit; margin: 0; }
h2 { font-size: 15px; line-height: 22px; font-weight: 600; margin: 40px 0 8px; }
h2 small { font-weight: 400; color: var(--text3); margin-left: 8px; font-size: 13px; }
p { margin: 4px 0 8px; color: var(--text2); max-width: 78ch; } .quiet { color: var(--text3); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); margin: 20px 0 8px;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.figures div { padding: 12px 16px; border-left: 1px solid var(--line); }
.figures div:first-child { border-left: 0; padding-left: 0; }
.figures b { display: block; font-size: 22px; line-height: 30px; font-weight: 500; }
.figures b small { font-size: 15px; color: var(--text2); font-weight: 400; } .figures span { color: var(--text2); }
.figures i { font-style: normal; color: var(--text3); display: block; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th { font-weight: 400; color: var(--text3); text-align: right; padding: 6px 8px; white-space: nowrap; }
td { text-align: right; padding: 5px 8px; border-top: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child, .left { text-align: left; } th:first-child, td:first-child { padding-left: 0; }
td.strong { font-weight: 600; } td.quiet, .unknown { color: var(--text3); } .dispute { color: var(--dispute); }
.done { color: var(--done); } .warn { color: var(--warn); } .bad { color: var(--bad); }
td svg { display: block; margin-left: auto; } .left svg { margin-left: 0; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 8px 48px; }
svg text { fill: var(--text3); font: 11px Inter, system-ui, sans-serif; }
.key { display: inline-flex; gap: 14px; color: var(--text3); flex-wrap: wrap; }
.key i { display: inline-block; width: 10px; height: 10px; margin-right: 5px; }
.sheet { max-width: 100%; border-radius: 4px; display: block; }
.passes { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin: 6px 0 20px; }
.passes figure { margin: 0; } .passes img { width: 100%; border-radius: 4px; display: block; }
figcaption { color: var(--text3); margin-top: 4px; }
details { margin: 12px 0; } summary { cursor: pointer; color: var(--text2); }
footer { margin-top: 48px; border-top: 1px solid var(--line); padding-top: 12px; color: var(--text3); }
@media print { body { max-width: none; padding: 0; } h2 { break-after: avoid; } tr, figure { break-inside: avoid; } }
"""
