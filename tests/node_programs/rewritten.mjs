// Expressions that rewriting must leave their meaning: each text is evaluated as it is, and rewritten.
const TEXTS = [
  "(function(){ return arguments[0] + arguments[arguments.length-1] })(1,2,3)",
  "(function(){ var a=[1,2]; arguments[0] = 9; return [arguments[0], a[a.length-1], a[-1]] })(1)",
  "[...(function*(){ const a=[5,6]; const r = a[yield 1]; a[yield 2] = r; yield* a })()].length",
  "(()=>{ const o={a:{b:[1,2,3]}}; return [o?.a.b[1], o.x?.y[1], o?.a?.['b'][2], o.a?.b?.[0], o.a.b?.at(-1), o?.a.b.map(x=>x)[1]] })()",
  "(()=>{ let s=''; for (var k in {x:1,y:2}) s+=k; const a=[]; for (a[0] in {p:1}) s+=a[0]; for (a[a.length] of [1,2]); return s+a })()",
  "(()=>{ class A { static #m=[1]; static g(i){ return A.#m[i] } ['x'+1](){return 3} } const a=new A(); return [A.g(0), a['x'+1](), a[`x1`]()] })()",
  "(()=>{ const o={}; [o['x'], {y: o['y'+1], ...o['r'+1]}] = [1,{y:2,z:3}]; return JSON.stringify(o) })()",
  "(()=>{ const a=[3]; a[0]**=2; a[0]>>>=1; a[1]??=5; a[2]||=6; a[1]&&=0; return [a, a[0]++, --a[0], -a[0], typeof a[0], !a[1], void a[0]] })()",
  "(()=>{ const t=(s,...v)=>s.raw.join()+v; const f=[t]; return f[0]`a${[1,2][1]}b` })()",
  "(()=>{ const m={f(){return this.v}, v:4}; const k='f'; return [m[k](), (m[k])(), m?.[k](), m[k]?.()] })()",
  "(()=>{ const a=[[1,2],[3]]; const {0:x, length} = a; const [{1:y}] = a; return [x,length,y, a[1,0], a[(0,1)][0]] })()",
  "(()=>{ const C=[Map]; return new C[0]([[1,2]]).get(1) + new (C[0])().size })()",
  "(()=>{ label: for (const x of [1,2]) { if ([true][0]) continue label } return x=>x })()(5)",
  "(()=>{ 'use strict'; const a=Object.freeze([1]); try { a[0]=2 } catch (e) { return e.constructor.name } })()",
  "(()=>{ let a=[1], i=0; a[i++] += 5; a[i]=a[i-1]; return [a,i, a[0]/a[1]/2] })()",
  "(()=>{ var re=/[a\\[]/g, a=['['][0]; return [re.test(a), 'x[0]'[1], `${[1][0]}[${'b'[0]}]`] })()",
  "(()=>{ const o={get [['k'][0]]() { return 1 }, ['m'+[2][0]]: 3, async *[['g'][0]]() {}}; return [o.k, o.m2, Object.keys(o)] })()",
  "(()=>{ const f=({a=[1,2][1]}={}, [b=[3][0]]=[])=>a+b; return f() })()",
  "(()=>{ try { null[0] } catch (e) { return e instanceof TypeError } })()",
  "(async()=>{ const a=[1]; a[await 0] += await 2; const b = a?.[await 0]; for await (const x of [1]) a[1]=x; return [a,b,(await a)[0], await (1,2), -await 3] })()",
];

const evaluate = Reflect.get(globalThis, ['ev', 'al'].join('')); // by its name it would be noticed
const told = async (act) => {
  try {
    return JSON.stringify(await act());
  } catch (error) {
    return `threw ${error.name}`;
  }
};

/** The texts that come to something else; [] when all is well. */
export async function differences() {
  const wrong = [];
  for (const text of TEXTS) {
    const plain = await told(() => evaluate(text)); // nobody rewrites this one
    const rewritten = await told(() => eval(text));
    if (plain !== rewritten) wrong.push(`${text}: expected ${plain}, got ${rewritten}`);
  }
  return wrong;
}
