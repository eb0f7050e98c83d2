// {"threads": ["run", "run"], "memory": {"c": [0, 0]}, "check": "c == [2, 2]", "kind": "check"}
class Counters extends Int32Array {
  add(index) {
    this[index] += 1;
  }
}
export function run({ c }) {
  const counters = new Counters(c.buffer);
  counters.add(0);
  counters.add(1);
}
