// {"threads": ["worker", "worker"], "memory": {"stock": [1]}, "check": "stock == [0]", "kind": "check"}
export function worker({ stock }) {
  if (Atomics.load(stock, 0) > 0) Atomics.sub(stock, 0, 1);
}
