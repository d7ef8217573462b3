import neo4j from 'neo4j-driver';
const stats = new Map<string, { n: number; first: number; rest: number }>();
const d = neo4j.driver('bolt://127.0.0.1:1', neo4j.auth.basic('a', 'b')); const s = d.session(); const tx = s.beginTransaction();
const proto = Object.getPrototypeOf(tx) as any; void Promise.resolve(tx).catch(() => {}); void s.close().catch(() => {}); void d.close().catch(() => {});
for (let p = proto; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
  if (!Object.hasOwn(p, 'run')) continue;
  const run = p.run;
  p.run = function (text: string, params: any) {
    const t = performance.now(); const r = run.call(this, text, params);
    const done = () => { const ms = performance.now() - t; const e = stats.get(text); if (e) { e.n++; e.rest += ms; } else stats.set(text, { n: 1, first: ms, rest: 0 }); };
    const then = r.then; r.then = function (a: any, b: any) { return then.call(this, (x: any) => { done(); return a?.(x); }, b); };
    return r;
  };
}
process.on('exit', () => {
  const kind = (t: string) => (t.includes('AS matched') ? 'link' : t.includes('gone') ? 'prune/withdraw' : t.includes('RETURN row.i AS i') && t.includes('MERGE') ? 'upsert' : t.includes('m IS NULL') ? 'unmatched' : t.includes('_Fence') ? 'fence' : t.includes('_Marker') ? 'marker' : t.includes('_Reference') ? 'reference' : t.includes('_Scope') ? 'scope' : t.includes('CREATE ') ? 'ddl' : t.includes('n.id = row.id') || t.includes('RETURN row.i AS i') ? 'shown' : t.slice(0, 40));
  const by = new Map<string, any>();
  for (const [t, e] of stats) { const k = kind(t); const b = by.get(k) ?? { texts: 0, n: 0, first: 0, rest: 0 }; b.texts++; b.n += e.n; b.first += e.first; b.rest += e.rest; by.set(k, b); }
  for (const [k, b] of [...by].sort((a, b) => b[1].first + b[1].rest - a[1].first - a[1].rest)) console.log(k.padEnd(20), 'texts', b.texts, 'runs', b.n, 'first(avg ms)', Math.round(b.first / b.texts), 'rest(avg ms)', Math.round(b.rest / Math.max(1, b.n - b.texts)), 'total s', ((b.first + b.rest) / 1000).toFixed(1));
});
await import('./zz-e2e.ts');
