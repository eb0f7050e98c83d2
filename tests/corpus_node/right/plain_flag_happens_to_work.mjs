// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]", "race": true}
export function producer({ flag, data }) {
  data[0] = 42;
  flag[0] = 1;
}
export function consumer({ flag, data, out }) {
  while (flag[0] === 0);
  out[0] = data[0];
}
