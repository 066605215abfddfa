import { simulate } from './local/simulate/simulate.ts';
import { lineText } from './local/simulate/history.ts';
const [first, n, hours, trace, ...faults] = process.argv.slice(2);
const t0 = performance.now(); let h = 0; let v = 0; let worst = 0;
for (let s = Number(first); s < Number(first) + Number(n); s++) {
  const opts: any = { seed: s, hours: Number(hours) };
  if (faults.length) opts.faults = faults[0] === 'none' ? [] : faults;
  if (trace && trace !== '-') opts.tell = (l: any) => console.log(lineText(l));
  const o = await simulate(opts);
  h += o.hours; v += o.violations.length; worst = Math.max(worst, o.worstRecoverySeconds);
  if (o.violations.length || Number(n) < 5) console.log(JSON.stringify({ ...o, faults: Object.values(o.faults).reduce((a, b) => a + b, 0), violations: o.violations.slice(0, 6).map((x) => ({ ...x, at: Math.round(x.at - 1772431200) })) }));
}
console.log({ h, v, worst, hoursPerMinute: Math.round(h / ((performance.now() - t0) / 60000)) });
