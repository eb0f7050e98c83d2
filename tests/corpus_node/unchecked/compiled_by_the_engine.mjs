// {"threads": ["run"], "memory": {"c": [0]}, "check": "True", "reason": "it uses WebAssembly.compile, which ends outside its thread and cannot be put in an order (line 4)"}
const EMPTY = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
export async function run({ c }) {
  await WebAssembly.compile(EMPTY);
  c[0] = 1;
}
